// How much a shot flickers: the mean difference of consecutive frames, the first moved to where
// the second has it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
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

// Where a pixel of one frame was in the frame before.
using Motion = std::function<std::pair<double, double>(double, double)>;

struct Shot {
  std::string name;
  int frames;
  double noise;
  std::function<std::pair<double, double>(int, double, double)> place;  // in the photograph
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
              const auto [px, py] = before(x, y);
              const double now = frames[k].get(x, y, c);
              const double off = now - sampled(frames[k - 1], px, py, c);
              sum.pixels += std::fabs(off);
              change += off;
            }
          }
          sum.pumping += std::fabs(change) / (block * block);
          pixels += block * block;
          blocks++;
        }
      }
    }
  }
  return {sum.pixels / static_cast<double>(pixels), sum.pumping / static_cast<double>(blocks)};
}

}  // namespace

static Flicker of_shot(const Bench &bench, const Picture &photo, const Shot &shot,
                       const char *look) {
  Instance instance(bench.node);
  instance.choose("style", "The Starry Night");
  // Its swirls lie still while the shot moves, which has nothing to do with the look.
  instance.number("turbulence", 0);
  instance.choose("look", look);
  instance.number("look_frame", shot.frames / 2);
  std::map<int, std::shared_ptr<Picture>> frames;
  for (int k = 0; k < shot.frames; k++) frames[k] = frame(photo, shot, k);
  instance.connect("Source", [&](double time) {
    const auto at = frames.find(static_cast<int>(time));
    return at == frames.end() ? nullptr : at->second;
  });
  std::vector<Picture> painted;
  for (int time = 0; time < shot.frames; time++) {
    Request request;
    request.time = time;
    request.window[2] = FORM.width;
    request.window[3] = FORM.height;
    painted.emplace_back(FORM);
    check(instance.render(painted.back(), request) == kOfxStatOK, "painting a shot failed");
  }
  return flicker_of(painted, shot.before);
}

void flicker(const Bench &bench, const std::string &path) {
  const Picture photo = read_ppm(path);
  const double cx = (FORM.width - 1) / 2.0, cy = (FORM.height - 1) / 2.0, step = 0.99;
  const auto pan = [](int time, double x, double y) { return std::pair(x + 16 * time, y + 60); };
  const auto back = [](double x, double y) { return std::pair(x + 16, y); };
  const auto zoom = [=](int time, double x, double y) {
    const double scale = std::pow(step, time) * 1.3;
    return std::pair(300 + (x - cx) * scale, 200 + (y - cy) * scale);
  };
  const auto out = [=](double x, double y) {
    return std::pair(cx + (x - cx) * step, cy + (y - cy) * step);
  };
  const Shot shots[] = {{"pan", 8, 0, pan, back},
                        {"pan with noise", 8, 0.02, pan, back},
                        {"zoom with noise", 24, 0.02, zoom, out}};
  for (const Shot &shot : shots) {
    const Flicker unlocked = of_shot(bench, photo, shot, "Each frame");
    const Flicker locked = of_shot(bench, photo, shot, "Locked");
    // A zoom hardly pumps; what flickers there is noise, and strokes that meet other pixels.
    const bool pumps = shot.name != "zoom with noise";
    const Flicker smoothed = pumps ? of_shot(bench, photo, shot, "Smoothed") : Flicker{};
    const auto told = [&](const char *name, double Flicker::*part) {
      std::cout << "flicker, " << shot.name << ", " << name << ": each frame " << unlocked.*part
                << ", locked " << locked.*part;
      if (pumps) std::cout << ", smoothed " << smoothed.*part;
      std::cout << std::endl;
    };
    told("pixels", &Flicker::pixels);
    told("pumping", &Flicker::pumping);
    if (pumps) {
      check(locked.pumping <= 0.6 * unlocked.pumping, "a locked look pumps");
      check(smoothed.pumping <= 0.8 * unlocked.pumping, "a smoothed look pumps");
    }
  }
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
