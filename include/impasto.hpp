/* Impasto for C++17: classes that free what they hold, over impasto.h. Nothing here to build.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 *     impasto::Engine engine;
 *     auto style = impasto::Style::from_name(engine, "great-wave");
 *     impasto::Pixels photo(data, width, height);
 *     engine.paint(style, photo, photo);
 *
 * A function that fails throws impasto::Error. Where exceptions are off (-fno-exceptions), or
 * IMPASTO_NO_EXCEPTIONS is defined, it returns an impasto::Result instead, which holds the value or
 * the error; objects are then made by `make()`:
 *
 *     auto engine = impasto::Engine::make();
 *     if (!engine) return complain(engine.error().what());
 *     auto style = impasto::Style::from_name(*engine, "great-wave");
 *
 * Below, `Result<T>` reads as `T` where exceptions are on. Objects move and are not copied; one
 * that was moved from may be destroyed or assigned to. The rules for threads are in impasto.h,
 * which also describes every field and function more fully.
 */

#ifndef IMPASTO_HPP
#define IMPASTO_HPP

#include "impasto.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#if !defined(IMPASTO_NO_EXCEPTIONS) && !defined(__cpp_exceptions)
#define IMPASTO_NO_EXCEPTIONS
#endif

namespace impasto {

/// What went wrong: `status()` for programs, `what()` for people.
class Error : public std::runtime_error {
public:
    Error(impasto_status status, const char *words) : std::runtime_error(words), status_(status) {}

    impasto_status status() const noexcept { return status_; }

private:
    impasto_status status_;
};

// Both ways may be linked into one program: the names of their functions differ.
#ifdef IMPASTO_NO_EXCEPTIONS
inline namespace returning {

/// A value or an error. Asking for the one that is not there ends the program.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const noexcept { return held_.index() == 0; }
    T &operator*() { return *there(std::get_if<0>(&held_)); }
    const T &operator*() const { return *there(std::get_if<0>(&held_)); }
    T *operator->() { return there(std::get_if<0>(&held_)); }
    const T *operator->() const { return there(std::get_if<0>(&held_)); }
    const Error &error() const { return *there(std::get_if<1>(&held_)); }

private:
    template <class P>
    static P there(P pointer) {
        if (pointer == nullptr) std::abort();
        return pointer;
    }

    std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    explicit operator bool() const noexcept { return !error_; }
    const Error &error() const {
        if (!error_) std::abort();
        return *error_;
    }

private:
    std::optional<Error> error_;
};
#else
inline namespace throwing {

template <class T>
using Result = T;
#endif

namespace detail {

/// What `make` returns, or the error of `status`.
template <class Make>
auto result(impasto_status status, Make make) -> Result<decltype(make())> {
    if (status != IMPASTO_STATUS_OK) {
        Error error(status, impasto_last_error_message());
#ifdef IMPASTO_NO_EXCEPTIONS
        return error;
#else
        throw error;
#endif
    }
#ifdef IMPASTO_NO_EXCEPTIONS
    if constexpr (std::is_void_v<decltype(make())>) return {};
    else
#endif
    return make();
}

/// Owns a handle of C.
template <class T, void (*Free)(T **)>
class Owner {
public:
    explicit Owner(T *handle = nullptr) : handle_(handle) {}

    T *get() const noexcept { return handle_.get(); }

private:
    struct Delete {
        void operator()(T *handle) const { Free(&handle); }
    };
    std::unique_ptr<T, Delete> handle_;
};

inline std::string text(const char *words) { return words == nullptr ? "" : words; }

inline const char *or_null(const std::string &words) {
    return words.empty() ? nullptr : words.c_str();
}

} // namespace detail

/// A request to stop, for other threads to make while work that was given it runs.
class Cancel {
public:
    static Result<Cancel> make() {
        impasto_cancel *handle = nullptr;
        const auto status = impasto_cancel_new(&handle);
        return detail::result(status, [&] { return Cancel(handle); });
    }
#ifndef IMPASTO_NO_EXCEPTIONS
    Cancel() : Cancel(make()) {}
#endif

    /// Asks all work that was given this object to stop.
    void request() const noexcept { (void)impasto_cancel_request(get()); }

    const impasto_cancel *get() const noexcept { return owner_.get(); }

private:
    explicit Cancel(impasto_cancel *handle) : owner_(handle) {}

    detail::Owner<impasto_cancel, impasto_cancel_free> owner_;
};

/// Interleaved pixels of the caller's.
struct Pixels : impasto_pixels {
    /// A picture without a gap between its rows; other fields may be set afterwards.
    Pixels(void *top_row, std::uint32_t columns, std::uint32_t rows,
           impasto_channels order = IMPASTO_CHANNELS_RGBA,
           impasto_sample type = IMPASTO_SAMPLE_U8) : impasto_pixels{} {
        (void)impasto_pixels_init(this, sizeof(impasto_pixels));
        data = top_row;
        width = columns;
        height = rows;
        channels = order;
        sample = type;
    }

    /// Pixels that may only be read: for inputs, masks and styles.
    static Pixels read_only(const void *top_row, std::uint32_t columns, std::uint32_t rows,
                            impasto_channels order = IMPASTO_CHANNELS_RGBA,
                            impasto_sample type = IMPASTO_SAMPLE_U8) {
        return Pixels(const_cast<void *>(top_row), columns, rows, order, type);
    }

    /// The same memory where the picture's bottom row lies first in it. `bytes_per_row` counts the
    /// gap, too.
    Pixels bottom_up(std::size_t bytes_per_row) const {
        Pixels flipped = *this;
        flipped.data = static_cast<char *>(data) + bytes_per_row * (height - std::size_t{1});
        flipped.row_stride = -static_cast<std::ptrdiff_t>(bytes_per_row);
        return flipped;
    }
};

/// Where things are and what may be used; empty strings and zeros mean the defaults.
struct EngineOptions {
    std::string runtime_path, models_path, cache_path, user_styles_path, device;
    std::uint64_t memory_budget = 0;
    std::uint32_t threads = 0;
    impasto_log_level log_level = IMPASTO_LOG_WARNING;
    /// Receives log messages from any thread; must not use this library. What it throws is dropped.
    std::function<void(impasto_log_level, const char *)> log;
};

/// How to paint. What is not set has its default; `impasto_paint_options` has the fields.
struct PaintOptions : impasto_paint_options {
    /// Hears of progress, on the thread that paints: the part that is done, and a word for people.
    /// Returns whether to go on. What it throws cancels the painting and comes out of `paint`.
    std::function<bool(float, const char *)> on_progress;

    PaintOptions() : impasto_paint_options{} {
        (void)impasto_paint_options_init(this, sizeof(impasto_paint_options));
    }

    /// Sets a parameter by its name; a choice by its place.
    Result<void> set(const char *name, double value) {
        return detail::result(impasto_paint_options_set(this, name, value), [] {});
    }

    /// Lets `request` stop the painting; it must outlive it.
    void stop_by(const Cancel &request) noexcept { cancel = request.get(); }
};

/// A device, and why it cannot be used; empty where it can.
struct Device {
    std::string name, reason;
};

/// What is known of a style; all but the name may be empty.
struct StyleEntry {
    std::string name, title, painter, year, thumbnail;
};

/// The parameters in the order in which controls should stand.
inline std::vector<impasto_parameter> parameters() {
    std::vector<impasto_parameter> list;
    for (std::size_t i = 0; i < impasto_parameter_count(); ++i) {
        list.push_back(*impasto_parameter_at(i));
    }
    return list;
}

class Style;

/// Networks and a device. One for a process is enough.
class Engine {
public:
    static Result<Engine> make(const EngineOptions &options = {}) {
        impasto_engine_options c{};
        (void)impasto_engine_options_init(&c, sizeof c);
        c.runtime_path = detail::or_null(options.runtime_path);
        c.models_path = detail::or_null(options.models_path);
        c.cache_path = detail::or_null(options.cache_path);
        c.user_styles_path = detail::or_null(options.user_styles_path);
        c.device = detail::or_null(options.device);
        c.memory_budget = options.memory_budget;
        c.threads = options.threads;
        c.log_level = options.log_level;
        auto log = std::make_unique<Log>(options.log);
        if (*log) {
            c.log_callback = forward_log;
            c.log_user_data = log.get();
        }
        impasto_engine *handle = nullptr;
        const auto status = impasto_engine_new(&c, &handle);
        return detail::result(status, [&] { return Engine(std::move(log), handle); });
    }
#ifndef IMPASTO_NO_EXCEPTIONS
    explicit Engine(const EngineOptions &options = {}) : Engine(make(options)) {}
#endif

    /// Loads everything now, so that the first painting is as quick as the next.
    Result<void> prepare() const {
        return detail::result(impasto_engine_prepare(get()), [] {});
    }

    Result<std::vector<Device>> devices() const {
        impasto_device_list *handle = nullptr;
        const auto status = impasto_engine_devices(get(), &handle);
        const detail::Owner<impasto_device_list, impasto_device_list_free> owner(handle);
        return detail::result(status, [&] {
            std::vector<Device> list;
            for (std::size_t i = 0; i < impasto_device_list_count(handle); ++i) {
                list.push_back({detail::text(impasto_device_list_name(handle, i)),
                                detail::text(impasto_device_list_reason(handle, i))});
            }
            return list;
        });
    }

    /// The shipped styles and the user's own.
    Result<std::vector<StyleEntry>> styles() const {
        impasto_style_list *handle = nullptr;
        const auto status = impasto_engine_styles(get(), &handle);
        const detail::Owner<impasto_style_list, impasto_style_list_free> owner(handle);
        return detail::result(status, [&] {
            std::vector<StyleEntry> list;
            for (std::size_t i = 0; i < impasto_style_list_count(handle); ++i) {
                list.push_back({detail::text(impasto_style_list_name(handle, i)),
                                detail::text(impasto_style_list_title(handle, i)),
                                detail::text(impasto_style_list_painter(handle, i)),
                                detail::text(impasto_style_list_year(handle, i)),
                                detail::text(impasto_style_list_thumbnail(handle, i))});
            }
            return list;
        });
    }

    /// Paints `input` into `output`, which may be the same; only where `mask` is white, if given.
    Result<impasto_report> paint(const Style &style, const Pixels &input, const Pixels &output,
                                 const PaintOptions &options = {},
                                 const Pixels *mask = nullptr) const;

    const impasto_engine *get() const noexcept { return owner_.get(); }

private:
    using Log = std::function<void(impasto_log_level, const char *)>;

    Engine(std::unique_ptr<Log> log, impasto_engine *handle)
        : log_(std::move(log)), owner_(handle) {}

    static void forward_log(void *log, std::int32_t level, const char *message) noexcept;
    static std::int32_t forward_progress(void *progress, float fraction,
                                         const char *phase) noexcept;

    // Outlives the engine, which calls it.
    std::unique_ptr<Log> log_;
    detail::Owner<impasto_engine, impasto_engine_free> owner_;
};

/// What a painting is painted in. It never changes and does not depend on the engine.
class Style {
public:
    /// One of the user's own, or a shipped one.
    static Result<Style> from_name(const Engine &engine, const std::string &name) {
        impasto_style *handle = nullptr;
        return made(impasto_style_from_name(engine.get(), name.c_str(), &handle), handle);
    }

    /// Of a picture file, or one saved as `.toml`.
    static Result<Style> from_file(const Engine &engine, const std::string &path,
                                   const Cancel *cancel = nullptr) {
        impasto_style *handle = nullptr;
        return made(impasto_style_from_file(engine.get(), path.c_str(), get(cancel), &handle),
                    handle);
    }

    /// Of a picture in memory.
    static Result<Style> from_pixels(const Engine &engine, const Pixels &pixels,
                                     const std::string &name = "",
                                     const Cancel *cancel = nullptr) {
        impasto_style *handle = nullptr;
        return made(impasto_style_from_pixels(engine.get(), &pixels, detail::or_null(name),
                                              get(cancel), &handle),
                    handle);
    }

    /// Several styles in one, by weight: `mix({{&waves, 0.7F}, {&stars, 0.3F}})`.
    static Result<Style> mix(const std::vector<std::pair<const Style *, float>> &parts) {
        std::vector<const impasto_style *> styles;
        std::vector<float> weights;
        for (const auto &[style, weight] : parts) {
            styles.push_back(style->get());
            weights.push_back(weight);
        }
        impasto_style *handle = nullptr;
        return made(impasto_style_mix(styles.data(), weights.data(), parts.size(), &handle),
                    handle);
    }

    /// The same for a part of the painting, or of a part of its picture, with the optimise method.
    Result<Style> masked(const Pixels *mask, const Pixels *region = nullptr) const {
        impasto_style *handle = nullptr;
        return made(impasto_style_masked(get(), mask, region, &handle), handle);
    }

    /// What `bytes` returned.
    static Result<Style> from_bytes(const std::vector<std::uint8_t> &bytes) {
        impasto_style *handle = nullptr;
        return made(impasto_style_from_bytes(bytes.data(), bytes.size(), &handle), handle);
    }

    /// To save it: a small TOML file.
    Result<std::vector<std::uint8_t>> bytes() const {
        const std::uint8_t *first = nullptr;
        std::size_t length = 0;
        const auto status = impasto_style_bytes(get(), &first, &length);
        return detail::result(
            status, [&] { return std::vector<std::uint8_t>(first, first + length); });
    }

    std::string name() const { return detail::text(impasto_style_name(get())); }

    const impasto_style *get() const noexcept { return owner_.get(); }

private:
    explicit Style(impasto_style *handle) : owner_(handle) {}

    static Result<Style> made(impasto_status status, impasto_style *&handle) {
        return detail::result(status, [&] { return Style(handle); });
    }

    static const impasto_cancel *get(const Cancel *cancel) {
        return cancel == nullptr ? nullptr : cancel->get();
    }

    detail::Owner<impasto_style, impasto_style_free> owner_;
};

namespace detail {

/// The caller's function, and what it threw: an exception must not pass through the library.
struct Progress {
    const std::function<bool(float, const char *)> &function;
    std::exception_ptr thrown;
};

} // namespace detail

inline Result<impasto_report> Engine::paint(const Style &style, const Pixels &input,
                                            const Pixels &output, const PaintOptions &options,
                                            const Pixels *mask) const {
    detail::Progress progress{options.on_progress, nullptr};
    impasto_paint_options c = options;
    if (options.on_progress) {
        c.progress = forward_progress;
        c.progress_user_data = &progress;
    }
    impasto_report report{};
    (void)impasto_report_init(&report, sizeof report);
    const auto status =
        impasto_engine_paint(get(), style.get(), &c, &input, mask, &output, &report);
    if (progress.thrown) std::rethrow_exception(progress.thrown);
    return detail::result(status, [&] { return report; });
}

inline void Engine::forward_log(void *log, std::int32_t level, const char *message) noexcept {
    const auto hear = [&] {
        (*static_cast<Log *>(log))(static_cast<impasto_log_level>(level), message);
    };
#ifdef __cpp_exceptions
    try {
        hear();
    } catch (...) {
        // Nobody waits for it.
    }
#else
    hear();
#endif
}

inline std::int32_t Engine::forward_progress(void *progress, float fraction,
                                             const char *phase) noexcept {
    auto &state = *static_cast<detail::Progress *>(progress);
#ifdef __cpp_exceptions
    try {
        return state.function(fraction, phase) ? 0 : 1;
    } catch (...) {
        state.thrown = std::current_exception();
        return 1;
    }
#else
    return state.function(fraction, phase) ? 0 : 1;
#endif
}

} // namespace returning or throwing
} // namespace impasto

#endif // IMPASTO_HPP
