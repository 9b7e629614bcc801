// How much a shot flickers: the mean difference of consecutive frames, the first moved to where
// the second has it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>

#include "cases.hpp"

namespace strict {

namespace {

const Form FORM{0, 0, 240, 180, Depth::Float, Components::Rgb};

Picture read_ppm(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string magic;
  int width = 0, height = 0, most = 0;
  file >> magic >> width >> height >> most;
  check(magic == "P6" && most == 255, "the photograph is a PPM of 8 bits");
  file.get();
  Picture photo({0, 0, width, height, Depth::Byte, Components::Rgb, false, true});
  file.read(reinterpret_cast<char *>(photo.bytes.data()),
            static_cast<std::streamsize>(photo.bytes.size()));
  check(bool(file), "the photograph is whole");
  return photo;
}

// Bilinear; `x` and `y` are centres of pixels.
double sampled(const Picture &picture, double x, double y, int c) {
  const Form &form = picture.form;
  const double cx = std::fmin(std::fmax(x, 0), form.width - 1.001);
  const double cy = std::fmin(std::fmax(y, 0), form.height - 1.001);
  const int x0 = static_cast<int>(cx), y0 = static_cast<int>(cy);
  const double u = cx - x0, v = cy - y0;
  return (picture.get(x0, y0, c) * (1 - u) + picture.get(x0 + 1, y0, c) * u) * (1 - v) +
         (picture.get(x0, y0 + 1, c) * (1 - u) + picture.get(x0 + 1, y0 + 1, c) * u) * v;
}

using Point = std::pair<double, double>;

// Where a pixel of a frame was in the frame before; nothing where it was hidden.
using Motion = std::function<std::optional<Point>(int, double, double)>;

struct Shot {
  std::string name;
  int frames;
  double noise;
  std::function<Point(int, double, double)> place;  // in the photograph
  Motion before;
};

std::shared_ptr<Picture> frame(const Picture &photo, const Shot &shot, int time) {
  const auto picture = std::make_shared<Picture>(FORM);
  std::mt19937 random(static_cast<unsigned>(time) + 1);
  std::normal_distribution<double> grain(0, 1);
  for (int y = 0; y < FORM.height; y++) {
    for (int x = 0; x < FORM.width; x++) {
      const auto [px, py] = shot.place(time, x, y);
      for (int c = 0; c < 3; c++) {
        picture->put(x, y, c, sampled(photo, px, py, c) + shot.noise * grain(random));
      }
    }
  }
  return picture;
}

struct Flicker {
  double pixels = 0;   // mean difference of pixels
  double pumping = 0;  // mean difference of the means of blocks: what is seen from afar
};

Flicker flicker_of(const std::vector<Picture> &frames, const Motion &before) {
  const int block = 32;
  Flicker sum;
  long pixels = 0, blocks = 0;
  for (size_t k = 1; k < frames.size(); k++) {
    for (int top = 8; top + block < FORM.height - 8; top += block) {
      for (int left = 8; left + block < FORM.width - 8; left += block) {
        for (int c = 0; c < 3; c++) {
          double change = 0;
          for (int y = top; y < top + block; y++) {
            for (int x = left; x < left + block; x++) {
              const auto was = before(static_cast<int>(k), x, y);
              if (!was) continue;
              const double now = frames[k].get(x, y, c);
              const double off = now - sampled(frames[k - 1], was->first, was->second, c);
              sum.pixels += std::fabs(off);
              change += off;
              pixels++;
            }
          }
          sum.pumping += std::fabs(change) / (block * block);
          blocks++;
        }
      }
    }
  }
  return {sum.pixels / static_cast<double>(pixels), sum.pumping / static_cast<double>(blocks)};
}

// An instance on a shot whose look is locked to its middle.
struct Playing {
  const Shot &shot;
  Instance instance;
  std::map<int, std::shared_ptr<Picture>> frames;

  Playing(const Bench &bench, const Picture &photo, const Shot &shot, const char *look, int steady)
      : shot(shot), instance(bench.node) {
    instance.choose("style", "The Starry Night");
    // Its swirls lie still while the shot moves, which has nothing to do with the look.
    instance.number("turbulence", 0);
    instance.choose("look", look);
    instance.number("look_frame", shot.frames / 2);
    if (steady >= 0) instance.number("steady", steady);
    for (int k = 0; k < shot.frames; k++) frames[k] = frame(photo, shot, k);
    instance.connect("Source", [this](double time) {
      const auto at = frames.find(static_cast<int>(time));
      return at == frames.end() ? nullptr : at->second;
    });
  }

  Picture painted(int time) {
    Request request;
    request.time = time;
    request.window[2] = FORM.width;
    request.window[3] = FORM.height;
    Picture picture(FORM);
    check(instance.render(picture, request) == kOfxStatOK, "painting a shot failed");
    return picture;
  }

  std::vector<Picture> painted() {
    std::vector<Picture> all;
    for (int time = 0; time < shot.frames; time++) all.push_back(painted(time));
    return all;
  }
};

// The node's default.
const int DEFAULT = -1;

}  // namespace

// The order of rendering changes nothing, nor does what was kept.
static void in_any_order(const Bench &bench, const Picture &photo, const Shot &shot,
                         const std::vector<Picture> &forward) {
  bench.node.call("OfxActionPurgeCaches");
  Playing playing(bench, photo, shot, "Locked", DEFAULT);
  for (int time = shot.frames - 1; time >= 0; time--) {
    check(same(playing.painted(time), forward[static_cast<size_t>(time)]),
          "the order of rendering shows");
  }
}

// A frame beside a cut is as if nothing were there, and so is one whose neighbour is missing.
static void at_the_ends(const Bench &bench, const Picture &photo, const Shot &shot) {
  Playing alone(bench, photo, shot, "Locked", 0), steadied(bench, photo, shot, "Locked", DEFAULT);
  const auto middle = steadied.painted(1);
  check(mean_difference(middle, alone.painted(1)) > 0.005, "steadying does nothing");
  // Frame 0 becomes one of another shot.
  for (auto *playing : {&alone, &steadied}) {
    const Picture &old = *playing->frames[0];
    const auto other = std::make_shared<Picture>(FORM);
    for (int y = 0; y < FORM.height; y++) {
      for (int x = 0; x < FORM.width; x++) {
        for (int c = 0; c < 3; c++) {
          other->put(x, y, c, old.get(FORM.width - 1 - x, FORM.height - 1 - y, 2 - c));
        }
      }
    }
    playing->frames[0] = other;
  }
  check(same(steadied.painted(0), alone.painted(0)), "a frame before a cut shows what follows");
  const Picture after = steadied.painted(1);
  steadied.frames.erase(0);
  check(same(steadied.painted(1), after), "a frame after a cut shows what was before");
  steadied.frames.erase(2);
  check(same(steadied.painted(1), alone.painted(1)), "without neighbours nothing is steadied");
  // A neighbour of another size, and one that cannot be read.
  steadied.frames[0] = scene({0, 0, 30, 20, Depth::Float, Components::Rgb});
  check(same(steadied.painted(1), alone.painted(1)), "a small neighbour shows");
  const Form bytes{0, 0, FORM.width, FORM.height, Depth::Byte, Components::Rgb};
  steadied.frames[0] = scene(bytes);
  check(same(steadied.painted(1), alone.painted(1)), "a neighbour of bytes shows");
}

static const double CX = (FORM.width - 1) / 2.0, CY = (FORM.height - 1) / 2.0;

static Shot pan(double noise) {
  return {noise > 0 ? "pan with noise" : "pan", 8, noise,
          [](int time, double x, double y) { return Point(x + 16 * time, y + 60); },
          [](int, double x, double y) { return Point(x + 16, y); }};
}

static Shot zoom(int frames, double noise) {
  const double step = 0.99;
  return {noise > 0 ? "zoom with noise" : "zoom", frames, noise,
          [=](int time, double x, double y) {
            const double scale = std::pow(step, time) * 1.3;
            return Point(300 + (x - CX) * scale, 200 + (y - CY) * scale);
          },
          [=](int, double x, double y) {
            return Point(CX + (x - CX) * step, CY + (y - CY) * step);
          }};
}

// Two degrees a frame, about the middle.
static Shot rotation(double noise) {
  const auto turned = [](double angle, double x, double y) {
    const double c = std::cos(angle), s = std::sin(angle);
    return Point(c * (x - CX) - s * (y - CY), s * (x - CX) + c * (y - CY));
  };
  const double step = 2 * 3.14159265358979 / 180;
  return {noise > 0 ? "rotation with noise" : "rotation", 8, noise,
          [=](int time, double x, double y) {
            const auto [dx, dy] = turned(step * time, x, y);
            return Point(300 + dx, 200 + dy);
          },
          [=](int, double x, double y) {
            const auto [dx, dy] = turned(step, x, y);
            return Point(CX + dx, CY + dy);
          }};
}

// A disc of another part of the photograph that moves over a background that lies still.
static Shot object(double noise) {
  const auto is_disc = [](int time, double x, double y) {
    return std::hypot(x - 70 - 9 * time, y - CY) < 45;
  };
  return {noise > 0 ? "object with noise" : "object", 8, noise,
          [=](int time, double x, double y) {
            return is_disc(time, x, y) ? Point(x - 9 * time + 250, y + 150) : Point(x + 60, y + 40);
          },
          [=](int time, double x, double y) -> std::optional<Point> {
            if (is_disc(time, x, y)) return Point(x - 9, y);
            if (is_disc(time - 1, x, y)) return std::nullopt;
            return Point(x, y);
          }};
}

static Flicker measured(const Bench &bench, const Picture &photo, const Shot &shot,
                        const char *look, int steady, std::vector<Picture> *kept = nullptr) {
  auto painted = Playing(bench, photo, shot, look, steady).painted();
  const Flicker found = flicker_of(painted, shot.before);
  std::cout << "flicker, " << shot.name << ", " << look;
  if (steady >= 0) std::cout << ", steady " << steady;
  std::cout << ": pixels " << found.pixels << ", pumping " << found.pumping << std::endl;
  if (kept != nullptr) *kept = std::move(painted);
  return found;
}

// How much is left of the flicker of each frame, for all motions and values of Steady.
void flicker_table(const Bench &bench, const std::string &path) {
  const Picture photo = read_ppm(path);
  std::cout << "| shot | each frame | locked, 0 | 1 | 2 | 3 |" << std::endl;
  for (const double noise : {0.0, 0.02}) {
    for (const Shot &shot : {pan(noise), zoom(8, noise), rotation(noise), object(noise)}) {
      const double own = measured(bench, photo, shot, "Each frame", 0).pixels;
      std::string row = "| " + shot.name + " | " + std::to_string(own) + " | ";
      for (int steady = 0; steady <= 3; steady++) {
        const double left = measured(bench, photo, shot, "Locked", steady).pixels / own;
        row += std::to_string(left).substr(0, 4) + "x | ";
      }
      std::cout << row << std::endl;
    }
  }
}

void flicker(const Bench &bench, const std::string &path) {
  const Picture photo = read_ppm(path);
  const Shot shots[] = {pan(0), pan(0.02), zoom(24, 0.02)};
  for (const Shot &shot : shots) {
    std::vector<Picture> steadied;
    const auto measure = [&](const char *look, int steady) {
      return measured(bench, photo, shot, look, steady, &steadied);
    };
    const Flicker unlocked = measure("Each frame", 0);
    // A zoom hardly pumps; what flickers there is noise, and strokes that meet other pixels.
    if (shot.name != "zoom with noise") {
      const Flicker single = measure("Locked", 0), smoothed = measure("Smoothed", DEFAULT);
      check(single.pumping <= 0.6 * unlocked.pumping, "a locked look pumps");
      check(smoothed.pumping <= 0.8 * unlocked.pumping, "a smoothed look pumps");
      check(smoothed.pixels <= 0.8 * unlocked.pixels, "a smoothed look flickers");
    } else {
      measure("Locked", 0);
    }
    const Flicker locked = measure("Locked", DEFAULT);
    check(locked.pixels <= 0.6 * unlocked.pixels, "a locked look flickers in " + shot.name);
    check(locked.pumping <= 1.1 * unlocked.pumping, "steadying pumps");
    if (shot.name == "pan with noise") in_any_order(bench, photo, shot, steadied);
  }
  at_the_ends(bench, photo, shots[1]);
}

// The node's own cost: what it takes beyond the engine, at 1920x1080 in floats.
void speed(const Bench &bench) {
  const Form form{0, 0, 1920, 1080, Depth::Float};
  const auto source = scene(form);
  Instance instance(bench.node);
  instance.choose("style", "The Starry Night");
  instance.connect("Source", source);
  Picture output(form);
  std::vector<double> node, engine;
  const auto timed = [](const std::function<void()> &work) {
    const auto started = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started)
        .count();
  };
  for (int k = 0; k < 16; k++) {
    node.push_back(timed([&] { instance.render(output); }));
    engine.push_back(timed([&] { bench.engine.paint(*source, "starry-night"); }));
  }
  const auto median = [](std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  };
  std::cout << "1920x1080 float: node " << median(node) << " ms, engine " << median(engine)
            << " ms (with a copy of the picture)" << std::endl;
}

}  // namespace strict
