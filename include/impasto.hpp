/* Impasto for C++17: classes that free what they hold, over impasto.h. Nothing here to build.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 *     impasto::Engine engine;
 *     auto style = impasto::Style::from_name(engine, "great-wave");
 *     impasto::Pixels photo(data, width, height);
 *     impasto::Settings settings;
 *     settings.set("strength", 0.8);
 *     engine.paint(style, photo, photo, settings);
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
#include <mutex>
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

namespace detail {

using Log = std::function<void(impasto_log_level, const char *)>;

inline void forward_log(void *log, std::int32_t level, const char *message) noexcept {
    const auto hear = [&] {
        (*static_cast<const Log *>(log))(static_cast<impasto_log_level>(level), message);
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

/// Keeps the function that hears the log for as long as the library may call it.
struct LogKeeper {
    std::mutex one_at_a_time;
    std::unique_ptr<const Log> log;

    ~LogKeeper() { impasto_log_set(nullptr, IMPASTO_LOG_OFF, nullptr); }
};

} // namespace detail

/// Names the function that hears what the library logs, in place of the one before, which is not
/// called any more when this returns; the process has one. An empty one ends it. It is called from
/// any thread that uses the library, several at once, and may call any function but this. What it
/// throws is dropped.
inline void set_log(std::function<void(impasto_log_level, const char *)> log,
                    impasto_log_level level = IMPASTO_LOG_WARNING) {
    static detail::LogKeeper keeper;
    const std::lock_guard<std::mutex> held(keeper.one_at_a_time);
    std::unique_ptr<const detail::Log> next;
    if (log) next = std::make_unique<const detail::Log>(std::move(log));
    impasto_log_set(next ? detail::forward_log : nullptr, level,
                    const_cast<detail::Log *>(next.get()));
    keeper.log = std::move(next);
}

/// The settings in the order in which controls should stand.
inline std::vector<const impasto_setting *> setting_table() {
    std::vector<const impasto_setting *> table;
    for (std::size_t i = 0; i < impasto_setting_count(); ++i) {
        table.push_back(impasto_setting_at(i));
    }
    return table;
}

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
    T *release() noexcept { return handle_.release(); }

private:
    struct Delete {
        void operator()(T *handle) const { Free(&handle); }
    };
    std::unique_ptr<T, Delete> handle_;
};

inline std::string text(const char *words) { return words == nullptr ? "" : words; }

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
    std::string runtime_path, models_path, cache_path, user_styles_path, user_networks_path, device;
    std::uint64_t memory_budget = 0;
    std::uint32_t threads = 0;
};

/// How to paint: a value for each of `setting_table`, at first the defaults.
class Settings {
public:
    Settings() : owner_(fresh()) {}

    /// Sets a number; a choice by its place.
    Result<void> set(const char *name, double value) {
        return detail::result(impasto_settings_set_number(owner_.get(), name, value), [] {});
    }

    /// Sets any setting to what a text stands for; an empty one for the default.
    Result<void> set(const char *name, const std::string &text) {
        return detail::result(impasto_settings_set_text(owner_.get(), name, text.c_str()), [] {});
    }

    /// Sets a choice by its name.
    Result<void> set_choice(const char *name, const char *choice) {
        return detail::result(impasto_settings_set_choice(owner_.get(), name, choice), [] {});
    }

    /// The value of a number; of a choice its place.
    Result<double> number(const char *name) const {
        double value = 0.0;
        const auto status = impasto_settings_number(get(), name, &value);
        return detail::result(status, [&] { return value; });
    }

    /// The value of any setting as a text.
    Result<std::string> text(const char *name) const {
        const char *words = nullptr;
        const auto status = impasto_settings_text(get(), name, &words);
        return detail::result(status, [&] { return detail::text(words); });
    }

    /// The same values once more.
    Result<Settings> copy() const {
        impasto_settings *handle = nullptr;
        const auto status = impasto_settings_copy(get(), &handle);
        return detail::result(status, [&] { return Settings(handle); });
    }

    const impasto_settings *get() const noexcept { return owner_.get(); }

private:
    explicit Settings(impasto_settings *handle) : owner_(handle) {}

    static impasto_settings *fresh() {
        impasto_settings *handle = nullptr;
        (void)impasto_settings_new(&handle);
        return handle;
    }

    detail::Owner<impasto_settings, impasto_settings_free> owner_;
};

class Engine;
class Look;

/// What work may take, who hears of it, and what stops it. What it points to must outlive the work;
/// `impasto_run` has the fields and says who uses which.
struct Run {
    std::uint64_t memory_budget = 0;
    const Cancel *cancel = nullptr;
    const Look *look = nullptr;
    std::optional<Pixels> start;
    float scale_x = 1.0F, scale_y = 1.0F;
    bool draft = false;
    /// Hears of progress, on the thread that calls. Returns whether to go on. What it throws cancels
    /// the work and comes out of it.
    std::function<bool(const impasto_progress &)> on_progress;
    /// Sees the picture of an optimisation on its way. What it throws does the same.
    std::function<void(const impasto_preview &)> on_preview;
    /// Steps from one preview to the next.
    std::uint32_t preview_every = 1;
};

/// What a painting took.
struct Report : impasto_report {
    /// All that is known of it, as JSON.
    std::string json;

    Report() : impasto_report{} { (void)impasto_report_init(this, sizeof(impasto_report)); }
};

/// A device, and why it cannot be used; empty where it can.
struct Device {
    std::string name, reason;
};

/// What is known of a style; all but the name may be empty.
struct StyleEntry {
    std::string name, title, painter, year, thumbnail;
};

namespace detail {

/// A run as C has it, and what the caller's functions threw: an exception must not pass through the
/// library.
class Running {
public:
    explicit Running(const Run &run);
    Running(const Running &) = delete;
    Running &operator=(const Running &) = delete;

    const impasto_run *get() const noexcept { return &c_; }

    /// The result of the work, unless a function threw.
    template <class Make>
    auto result(impasto_status status, Make make) -> Result<decltype(make())> {
        if (thrown_) std::rethrow_exception(thrown_);
        return detail::result(status, std::move(make));
    }

private:
    template <class Call>
    void guarded(Call call) noexcept {
#ifdef __cpp_exceptions
        try {
            call();
        } catch (...) {
            thrown_ = std::current_exception();
        }
#else
        call();
#endif
    }

    static std::int32_t progress(void *running, const impasto_progress *progress) noexcept {
        auto &self = *static_cast<Running *>(running);
        bool goes_on = !self.thrown_;
        if (goes_on && self.run_.on_progress) {
            self.guarded([&] { goes_on = self.run_.on_progress(*progress); });
        }
        return goes_on && !self.thrown_ ? 0 : 1;
    }

    static void preview(void *running, const impasto_preview *preview) noexcept {
        auto &self = *static_cast<Running *>(running);
        if (!self.thrown_) self.guarded([&] { self.run_.on_preview(*preview); });
    }

    const Run &run_;
    impasto_run c_{};
    std::exception_ptr thrown_;
};

} // namespace detail

/// What a painting is painted in. It never changes and does not depend on the engine.
class Style {
public:
    /// One of the user's own, or a shipped one.
    static Result<Style> from_name(const Engine &engine, const std::string &name);

    /// Of a picture file, or one saved as `.toml`.
    static Result<Style> from_file(const Engine &engine, const std::string &path,
                                   const Run &run = {});

    /// Of a picture in memory; a run's `scale_x` and `scale_y` say that its pixels are not square.
    static Result<Style> from_pixels(const Engine &engine, const Pixels &pixels,
                                     const std::string &name = "", const Run &run = {});

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

    detail::Owner<impasto_style, impasto_style_free> owner_;
};

/// What the frames of a shot share so that they do not flicker. It never changes and does not depend
/// on the engine.
class Look {
public:
    /// That of a picture file; of a picture in memory see `Engine::look`.
    static Result<Look> from_file(const Engine &engine, const Style &style, const std::string &path,
                                  const Settings &settings = {}, const Run &run = {});

    /// The mean of several, by weight: `mix({{&before, 1.0F}, {&after, 2.0F}})`.
    static Result<Look> mix(const std::vector<std::pair<const Look *, float>> &parts) {
        std::vector<const impasto_look *> looks;
        std::vector<float> weights;
        for (const auto &[look, weight] : parts) {
            looks.push_back(look->get());
            weights.push_back(weight);
        }
        impasto_look *handle = nullptr;
        const auto status = impasto_look_mix(looks.data(), weights.data(), parts.size(), &handle);
        return detail::result(status, [&] { return Look(handle); });
    }

    const impasto_look *get() const noexcept { return owner_.get(); }

private:
    friend class Engine;
    explicit Look(impasto_look *handle) : owner_(handle) {}

    detail::Owner<impasto_look, impasto_look_free> owner_;
};

/// Networks and a device. One for a process is enough; it belongs to the process that made it.
class Engine {
public:
    static Result<Engine> make(const EngineOptions &options = {}) {
        impasto_engine_options c{};
        (void)impasto_engine_options_init(&c, sizeof c);
        c.runtime_path = options.runtime_path.c_str();
        c.models_path = options.models_path.c_str();
        c.cache_path = options.cache_path.c_str();
        c.user_styles_path = options.user_styles_path.c_str();
        c.user_networks_path = options.user_networks_path.c_str();
        c.device = options.device.c_str();
        c.memory_budget = options.memory_budget;
        c.threads = options.threads;
        impasto_engine *handle = nullptr;
        const auto status = impasto_engine_new(&c, &handle);
        return detail::result(status, [&] { return Engine(handle); });
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
    Result<Report> paint(const Style &style, const Pixels &input, const Pixels &output,
                         const Settings &settings = {}, const Run &run = {},
                         const Pixels *mask = nullptr) const {
        detail::Running running(run);
        Report report;
        const auto status = impasto_engine_paint(get(), style.get(), settings.get(), running.get(),
                                                 &input, mask, &output, &report);
        return running.result(status, [&] {
            report.json = detail::text(report.impasto_report::json);
            return std::move(report);
        });
    }

    /// The look that a painting of `picture` would have.
    Result<Look> look(const Style &style, const Pixels &picture, const Settings &settings = {},
                      const Run &run = {}) const {
        detail::Running running(run);
        impasto_look *handle = nullptr;
        const auto status = impasto_look_from_pixels(get(), style.get(), settings.get(),
                                                     running.get(), &picture, &handle);
        detail::Owner<impasto_look, impasto_look_free> owner(handle);
        return running.result(status, [&] { return Look(owner.release()); });
    }

    /// A frame's picture and its painting.
    using Frame = std::pair<Pixels, Pixels>;

    /// Steadies a frame's painting into `output`, which may be the painting, by the frames around.
    Result<void> steady(const Frame &frame, const std::vector<Frame> &neighbors,
                        const Pixels &output, const Run &run = {},
                        const Pixels *mask = nullptr) const {
        std::vector<const impasto_pixels *> pictures, paintings;
        for (const auto &[picture, painting] : neighbors) {
            pictures.push_back(&picture);
            paintings.push_back(&painting);
        }
        detail::Running running(run);
        const auto status =
            impasto_engine_steady(get(), &frame.first, &frame.second, pictures.data(),
                                  paintings.data(), neighbors.size(), mask, running.get(), &output);
        return running.result(status, [] {});
    }

    const impasto_engine *get() const noexcept { return owner_.get(); }

private:
    explicit Engine(impasto_engine *handle) : owner_(handle) {}

    detail::Owner<impasto_engine, impasto_engine_free> owner_;
};

inline detail::Running::Running(const Run &run) : run_(run) {
    (void)impasto_run_init(&c_, sizeof c_);
    c_.memory_budget = run.memory_budget;
    c_.cancel = run.cancel == nullptr ? nullptr : run.cancel->get();
    c_.look = run.look == nullptr ? nullptr : run.look->get();
    c_.start = run.start ? &*run.start : nullptr;
    c_.scale_x = run.scale_x;
    c_.scale_y = run.scale_y;
    c_.draft = run.draft ? 1 : 0;
    c_.progress = progress;
    c_.progress_user_data = this;
    c_.preview = run.on_preview ? preview : nullptr;
    c_.preview_user_data = this;
    c_.preview_every = run.preview_every;
}

inline Result<Style> Style::from_name(const Engine &engine, const std::string &name) {
    impasto_style *handle = nullptr;
    return made(impasto_style_from_name(engine.get(), name.c_str(), &handle), handle);
}

inline Result<Style> Style::from_file(const Engine &engine, const std::string &path,
                                      const Run &run) {
    detail::Running running(run);
    impasto_style *handle = nullptr;
    const auto status =
        impasto_style_from_file(engine.get(), path.c_str(), running.get(), &handle);
    detail::Owner<impasto_style, impasto_style_free> owner(handle);
    return running.result(status, [&] { return Style(owner.release()); });
}

inline Result<Style> Style::from_pixels(const Engine &engine, const Pixels &pixels,
                                        const std::string &name, const Run &run) {
    detail::Running running(run);
    impasto_style *handle = nullptr;
    const auto status = impasto_style_from_pixels(engine.get(), &pixels, name.c_str(),
                                                  running.get(), &handle);
    detail::Owner<impasto_style, impasto_style_free> owner(handle);
    return running.result(status, [&] { return Style(owner.release()); });
}

inline Result<Look> Look::from_file(const Engine &engine, const Style &style,
                                    const std::string &path, const Settings &settings,
                                    const Run &run) {
    detail::Running running(run);
    impasto_look *handle = nullptr;
    const auto status = impasto_look_from_file(engine.get(), style.get(), settings.get(),
                                               running.get(), path.c_str(), &handle);
    detail::Owner<impasto_look, impasto_look_free> owner(handle);
    return running.result(status, [&] { return Look(owner.release()); });
}

} // namespace returning or throwing
} // namespace impasto

#endif // IMPASTO_HPP
