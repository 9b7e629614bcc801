// A program in C++17 that uses all of impasto.hpp and checks what it gets. It is built twice: with
// exceptions, and with -fno-exceptions, where the same calls return results.
// Files are made in the working directory.

#include <impasto.hpp>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <thread>

#define CHECK(...) check((__VA_ARGS__), #__VA_ARGS__, __LINE__)

namespace {

void check(bool is_so, const char *what, int line) {
    if (!is_so) {
        std::fprintf(stderr, "paint.cpp:%d: this is not so: %s\n", line, what);
        std::exit(1);
    }
}

#ifdef IMPASTO_NO_EXCEPTIONS
#define NOTHING

template <class T>
T got(impasto::Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "paint.cpp: %s\n", result.error().what());
        std::exit(1);
    }
    return std::move(*result);
}

template <class Call>
impasto_status status_of(Call call) {
    const auto result = call();
    return result ? IMPASTO_STATUS_OK : result.error().status();
}
#else
template <class T>
T got(T value) {
    return value;
}

// What `status_of` looks at where a call gives nothing.
#define NOTHING , 0

template <class Call>
impasto_status status_of(Call call) {
    try {
        (void)call();
        return IMPASTO_STATUS_OK;
    } catch (const impasto::Error &error) {
        return error.status();
    }
}
#endif

struct Picture {
    std::uint32_t width, height;
    std::vector<std::uint8_t> bytes;

    Picture(std::uint32_t columns, std::uint32_t rows)
        : width(columns), height(rows), bytes(std::size_t{columns} * rows * 4) {}

    impasto::Pixels pixels() { return {bytes.data(), width, height}; }
    impasto::Pixels pixels() const {
        return impasto::Pixels::read_only(bytes.data(), width, height);
    }
    bool is_untouched() const { return bytes == Picture(width, height).bytes; }
};

Picture draw(std::uint32_t width, std::uint32_t height) {
    Picture picture(width, height);
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            auto *pixel = &picture.bytes[(std::size_t{y} * width + x) * 4];
            const bool is_square = (x / 16 + y / 16) % 5 == 0;
            pixel[0] = static_cast<std::uint8_t>(x * 255 / width);
            pixel[1] = static_cast<std::uint8_t>(is_square ? 40 : y * 255 / height);
            pixel[2] = 150;
            pixel[3] = x + y < 32 ? 128 : 255;
        }
    }
    return picture;
}

impasto::Engine new_engine() {
    impasto::EngineOptions options;
    options.cache_path = "cache";
    options.user_styles_path = "styles";
    options.user_networks_path = "networks";
    return got(impasto::Engine::make(options));
}

void print_lists(const impasto::Engine &engine) {
    bool has_cpu = false;
    for (const auto &device : got(engine.devices())) {
        std::printf("device %s: %s\n", device.name.c_str(), device.reason.c_str());
        has_cpu |= device.name == "cpu" && device.reason.empty();
    }
    CHECK(has_cpu);
    const auto styles = got(engine.styles());
    CHECK(styles.size() >= 2);
    for (const auto &style : styles) {
        std::printf("style %s: %s, %s\n", style.name.c_str(), style.title.c_str(),
                    style.painter.c_str());
        CHECK(!style.thumbnail.empty());
    }
}

void set_settings() {
    impasto::Settings settings;
    CHECK(!impasto::setting_table().empty());
    for (const auto *setting : impasto::setting_table()) {
        std::printf("setting %s: %g to %g\n", setting->name, setting->least, setting->most);
        CHECK(got(settings.text(setting->name)) == setting->default_text);
        if (setting->type == IMPASTO_SETTING_TEXT) continue;
        const auto set = [&](double value) {
            return status_of([&] { return settings.set(setting->name, value) NOTHING; });
        };
        CHECK(set(setting->most) == IMPASTO_STATUS_OK);
        CHECK(got(settings.number(setting->name)) == setting->most);
        CHECK(set(setting->most + 1) == IMPASTO_STATUS_ARGUMENT);
    }
    CHECK(status_of([&] { return settings.set_choice("keep-color", "match") NOTHING; }) ==
          IMPASTO_STATUS_OK);
    const auto same = got(settings.copy());
    CHECK(status_of([&] { return settings.set("keep-color", "") NOTHING; }) == IMPASTO_STATUS_OK);
    CHECK(got(same.text("keep-color")) == "match" && got(settings.text("keep-color")) == "none");
    CHECK(status_of([&] { return settings.number("nonsense"); }) == IMPASTO_STATUS_ARGUMENT);
    const auto moved = std::move(settings);
    CHECK(status_of([&] { return settings.number("seed"); }) == IMPASTO_STATUS_ARGUMENT);
}

void refuse_nonsense(const impasto::Engine &engine, const impasto::Style &style,
                     const Picture &photo) {
    using impasto::Style;
    CHECK(status_of([&] { return Style::from_name(engine, "no-such-style"); }) ==
          IMPASTO_STATUS_STYLE);
    CHECK(status_of([&] { return Style::from_bytes({1, 2, 3}); }) == IMPASTO_STATUS_STYLE);
    CHECK(status_of([&] { return Style::mix({}); }) == IMPASTO_STATUS_ARGUMENT);
    impasto::EngineOptions options;
    options.device = "abacus";
    CHECK(status_of([&] { return impasto::Engine::make(options); }) != IMPASTO_STATUS_OK);
    Picture narrow(photo.width - 1, photo.height);
    CHECK(status_of([&] { return engine.paint(style, photo.pixels(), narrow.pixels()); }) ==
          IMPASTO_STATUS_ARGUMENT);
    CHECK(narrow.is_untouched());
}

Picture paint(const impasto::Engine &engine, const impasto::Style &style, const Picture &photo,
              const impasto::Look *look = nullptr) {
    Picture painting(photo.width, photo.height);
    impasto::Run run;
    run.look = look;
    float last = 0.0F;
    run.on_progress = [&](const impasto_progress &progress) {
        CHECK(progress.fraction >= last && progress.fraction <= 1.0F);
        last = progress.fraction;
        std::printf("progress %3.0f %% %s\n", static_cast<double>(last * 100.0F), progress.phase);
        return true;
    };
    const auto report = got(engine.paint(style, photo.pixels(), painting.pixels(), {}, run));
    std::printf("painted on %s in %.2f s\n%s\n", report.device, report.seconds,
                report.json.c_str());
    CHECK(last > 0.9F);
    CHECK(std::strcmp(report.device, "cpu") == 0 && report.tiles > 0);
    CHECK(report.json.find("\"method\":\"fast\"") != std::string::npos);
    CHECK(painting.bytes != photo.bytes);
    return painting;
}

void cancel_in_callback(const impasto::Engine &engine, const impasto::Style &style,
                        const Picture &photo) {
    Picture painting(photo.width, photo.height);
    impasto::Run run;
    run.on_progress = [](const impasto_progress &) { return false; };
    const auto paint = [&] {
        return engine.paint(style, photo.pixels(), painting.pixels(), {}, run);
    };
    CHECK(status_of(paint) == IMPASTO_STATUS_CANCELLED);
#ifdef __cpp_exceptions
    run.on_progress = [](const impasto_progress &) -> bool { throw 42; };
    int thrown = 0;
    try {
        (void)paint();
    } catch (int number) {
        thrown = number;
    }
    CHECK(thrown == 42);
#endif
    CHECK(painting.is_untouched());
}

void cancel_from_another_thread(const impasto::Engine &engine, const impasto::Style &style,
                                const Picture &photo) {
    Picture painting(photo.width, photo.height);
    const auto cancel = got(impasto::Cancel::make());
    // The painting waits in its callback until it is cancelled: no race decides.
    std::mutex lock;
    std::condition_variable changed;
    bool has_begun = false, is_requested = false;
    impasto::Run run;
    run.cancel = &cancel;
    run.on_progress = [&](const impasto_progress &) {
        std::unique_lock<std::mutex> held(lock);
        has_begun = true;
        changed.notify_all();
        changed.wait(held, [&] { return is_requested; });
        return true;
    };
    std::thread other([&] {
        std::unique_lock<std::mutex> held(lock);
        changed.wait(held, [&] { return has_begun; });
        cancel.request();
        is_requested = true;
        changed.notify_all();
    });
    const auto status = status_of(
        [&] { return engine.paint(style, photo.pixels(), painting.pixels(), {}, run); });
    other.join();
    CHECK(status == IMPASTO_STATUS_CANCELLED);
    CHECK(painting.is_untouched());
    run.on_progress = nullptr;
    CHECK(status_of([&] {
              return impasto::Style::from_pixels(engine, photo.pixels(), "photo", run);
          }) == IMPASTO_STATUS_CANCELLED);
}

// A few steps, seen on their way, in a style that only a part of the painting takes.
void optimise(const impasto::Engine &engine, const Picture &photo) {
    const auto own = got(impasto::Style::from_pixels(engine, photo.pixels()));
    CHECK(own.name() == "picture");
    const std::vector<std::uint8_t> white(64 * 64, 255);
    const auto mask =
        impasto::Pixels::read_only(white.data(), 64, 64, IMPASTO_CHANNELS_GRAY);
    const auto style = got(own.masked(&mask, &mask));
    auto small = draw(40, 32);
    impasto::Settings settings;
    (void)status_of([&] { return settings.set("method", "optimize") NOTHING; });
    (void)status_of([&] { return settings.set("schedule", "40:3") NOTHING; });
    impasto::Run run;
    int losses = 0, previews = 0;
    run.start = photo.pixels();
    run.on_progress = [&](const impasto_progress &progress) {
        losses += progress.losses != nullptr && progress.losses->total > 0.0F;
        return true;
    };
    run.on_preview = [&](const impasto_preview &preview) {
        CHECK(preview.steps == 3 && preview.pixels->sample == IMPASTO_SAMPLE_F32);
        ++previews;
    };
    const auto report = got(engine.paint(style, small.pixels(), small.pixels(), settings, run));
    CHECK(losses == 3 && previews == 3 && report.steps == 3);
    CHECK(report.json.find("\"scales\":[{") != std::string::npos);
#ifdef __cpp_exceptions
    run.on_preview = [](const impasto_preview &) { throw 7; };
    int thrown = 0;
    try {
        (void)engine.paint(style, small.pixels(), small.pixels(), settings, run);
    } catch (int number) {
        thrown = number;
    }
    CHECK(thrown == 7);
#endif
}

// Frames of a shot in one look, steadied by each other.
void paint_a_shot(const impasto::Engine &engine, const impasto::Style &style,
                  const Picture &photo, const Picture &painting) {
    const auto look = got(engine.look(style, photo.pixels()));
    CHECK(paint(engine, style, photo, &look).bytes == painting.bytes);
    const auto mixed = got(impasto::Look::mix({{&look, 1.0F}, {&look, 2.0F}}));
    CHECK(mixed.get() != nullptr);
    CHECK(status_of([&] { return impasto::Look::from_file(engine, style, "no-such.png"); }) !=
          IMPASTO_STATUS_OK);
    Picture steadied(photo.width, photo.height);
    const impasto::Engine::Frame frame(photo.pixels(), painting.pixels());
    CHECK(status_of([&] {
              return engine.steady(frame, {frame, frame}, steadied.pixels()) NOTHING;
          }) == IMPASTO_STATUS_OK);
    CHECK(!steadied.is_untouched());
}

// The log is the process's: engines may be moved, assigned to and freed while it is told.
void move_engines() {
    int heard = 0;
    impasto::set_log([&](impasto_log_level, const char *) { ++heard; }, IMPASTO_LOG_DEBUG);
    auto first = new_engine(), second = new_engine();
    (void)got(first.styles());
    first = std::move(second);
    auto &same = first;
    first = std::move(same);
    CHECK(first.get() != nullptr && second.get() == nullptr);
    (void)got(first.styles());
    second = new_engine();
    (void)got(second.styles());
    const int before = heard;
    impasto::set_log(nullptr);
    (void)got(second.styles());
    CHECK(heard == before && before > 0);
}

impasto::Style saved_and_loaded(const impasto::Engine &engine, const impasto::Style &style) {
    const auto bytes = got(style.bytes());
    std::ofstream("saved.toml", std::ios::binary)
        .write(reinterpret_cast<const char *>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    const auto from_file = got(impasto::Style::from_file(engine, "saved.toml"));
    CHECK(got(from_file.bytes()) == bytes);
    CHECK(std::remove("saved.toml") == 0);
    return got(impasto::Style::from_bytes(bytes));
}

void paint_in_place(const impasto::Engine &engine, const impasto::Style &style, Picture photo,
                    const Picture &painting) {
    (void)got(engine.paint(style, photo.pixels(), photo.pixels()));
    CHECK(photo.bytes == painting.bytes);
}

// The mask hides all: nothing is painted, from the bottom or from the top.
void paint_nowhere(const impasto::Engine &engine, const impasto::Style &style,
                   const Picture &photo) {
    Picture painting(photo.width, photo.height);
    const std::vector<std::uint8_t> black(std::size_t{photo.width} * photo.height);
    const auto mask = impasto::Pixels::read_only(black.data(), photo.width, photo.height,
                                                 IMPASTO_CHANNELS_GRAY);
    const std::size_t row = std::size_t{photo.width} * 4;
    (void)got(engine.paint(style, photo.pixels().bottom_up(row),
                           painting.pixels().bottom_up(row), {}, {}, &mask));
    CHECK(painting.bytes == photo.bytes);
}

void paint_everything(const impasto::Engine &engine, const impasto::Style &style,
                      const Picture &photo, const Picture &painting) {
    const auto loaded = saved_and_loaded(engine, style);
    CHECK(loaded.name() == style.name());
    CHECK(paint(engine, loaded, photo).bytes == painting.bytes);
    const auto own = got(impasto::Style::from_pixels(engine, photo.pixels(), "own"));
    CHECK(own.name() == "own");
    const auto mix = got(impasto::Style::mix({{&style, 0.5F}, {&own, 0.5F}}));
    CHECK(paint(engine, mix, photo).bytes != painting.bytes);
    paint_in_place(engine, style, photo, painting);
    paint_nowhere(engine, style, photo);
    cancel_in_callback(engine, style, photo);
    cancel_from_another_thread(engine, style, photo);
    paint_a_shot(engine, style, photo, painting);
    optimise(engine, photo);
}

} // namespace

int main() {
    const auto photo = draw(320, 240);

    impasto::set_log(
        [](impasto_log_level level, const char *message) {
            std::printf("log %d: %s\n", static_cast<int>(level), message);
        },
        IMPASTO_LOG_INFO);
    auto made = new_engine();
    const auto engine = std::move(made);
    print_lists(engine);
    set_settings();
    const auto style = got(impasto::Style::from_name(engine, "great-wave"));
    refuse_nonsense(engine, style, photo);
    CHECK(status_of([&] { return impasto::Style::from_name(made, "ink"); }) ==
          IMPASTO_STATUS_ARGUMENT);
    const auto painting = paint(engine, style, photo);
    paint_everything(engine, style, photo, painting);
    move_engines();
    std::puts("all is as it should be");
    return 0;
}
