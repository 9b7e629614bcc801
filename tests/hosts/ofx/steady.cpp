// What steadying leaves alone, in any layout. How far a shot flickers is in flicker.cpp.
#include <cmath>
#include <random>
#include <thread>

#include "cases.hpp"

namespace strict {

static const Form FORM{3, -2, 120, 90, Depth::Float, Components::Rgba, true};

// A still shot with noise, some of it clear. Its alpha lies still, and so must its colours.
static std::shared_ptr<Picture> noisy(const Form &form, double time) {
  if (time < 0 || time > 9) return nullptr;
  const auto picture = scene(form, 0, true);
  std::mt19937 random(static_cast<unsigned>(time) + 1);
  std::normal_distribution<double> grain(0, 0.02);
  for (int y = form.y1; y < form.y1 + form.height; y++) {
    for (int x = form.x1; x < form.x1 + form.width; x++) {
      const double noise = grain(random);
      const double shown = form.is_premultiplied ? noise * picture->get(x, y, 3) : noise;
      for (int c = 0; c < 3; c++) {
        picture->put(x, y, c, std::fmax(0, picture->get(x, y, c) + shown));
      }
    }
  }
  return picture;
}

static Request whole(const Form &form, double time) {
  Request request;
  request.time = time;
  request.window[0] = form.x1;
  request.window[1] = form.y1;
  request.window[2] = form.x1 + form.width;
  request.window[3] = form.y1 + form.height;
  return request;
}

static Picture rendered(Instance &instance, const Request &request, const Form &form = FORM) {
  Picture output(form);
  check(instance.render(output, request) == kOfxStatOK,
        "rendering a frame failed: " + instance.effect.message);
  return output;
}

static void lock(Instance &instance, const Form &form = FORM) {
  instance.choose("style", "Ink");
  instance.choose("look", "Locked");
  instance.number("turbulence", 0);
  instance.number("look_frame", 2);
  instance.connect("Source", [form](double time) { return noisy(form, time); });
}

// Alpha, and what cannot be seen, in every depth.
static void alpha(const Bench &bench) {
  for (const Depth depth : {Depth::Byte, Depth::Short, Depth::Half, Depth::Float}) {
    for (const bool is_premultiplied : {false, true}) {
      Form form = FORM;
      form.depth = depth;
      form.is_premultiplied = is_premultiplied;
      form.padding = 8;
      form.is_top_down = is_premultiplied;
      Instance instance(bench.node);
      lock(instance, form);
      const Picture steadied = rendered(instance, whole(form, 5), form);
      instance.number("steady", 0);
      const Picture single = rendered(instance, whole(form, 5), form);
      const auto source = noisy(form, 5);
      check(!same(steadied, single), "steadying does nothing");
      for (int y = form.y1; y < form.y1 + form.height; y++) {
        for (int x = form.x1; x < form.x1 + form.width; x++) {
          const bool is_clear = source->get(x, y, 3) == 0;
          check(steadied.get(x, y, 3) == single.get(x, y, 3), "alpha changed");
          for (int c = 0; c < 3 && is_clear; c++) {
            check(steadied.get(x, y, c) == source->get(x, y, c), "what is clear changed");
          }
        }
      }
    }
  }
}

// A mask that moves: beside it lies the source untouched, in every frame.
static void masks(const Bench &bench) {
  Instance instance(bench.node, "OfxImageEffectContextGeneral");
  lock(instance);
  const Picture everywhere = rendered(instance, whole(FORM, 5));
  instance.connect("Mask", [](double time) {
    const Form form{3, -2, 120, 90, Depth::Float, Components::Alpha};
    const auto mask = std::make_shared<Picture>(form);
    for (int y = -2; y < 88; y++) {
      for (int x = 3; x < 123; x++) mask->put(x, y, 0, x < time * 10);
    }
    return mask;
  });
  for (const int time : {4, 6, 5}) {
    const Picture part = rendered(instance, whole(FORM, time));
    const auto source = noisy(FORM, time);
    for (int y = -2; y < 88; y++) {
      for (int x = 3; x < 123; x++) {
        for (int c = 0; c < 4; c++) {
          const bool is_painted = x < time * 10;
          if (!is_painted) {
            check(part.get(x, y, c) == source->get(x, y, c), "the source is not untouched");
          } else if (time == 5) {
            check(part.get(x, y, c) == everywhere.get(x, y, c), "a mask changes what it shows");
          }
        }
      }
    }
  }
}

// An animated opacity blends what is steadied, with a mask or without.
static void opacities(const Bench &bench) {
  Instance instance(bench.node, "OfxImageEffectContextGeneral");
  Form form = FORM;
  form.components = Components::Rgb;
  form.is_premultiplied = false;
  lock(instance, form);
  const Picture whole_one = rendered(instance, whole(form, 5), form);
  const auto source = noisy(form, 5);
  // Linear in the numbers of the picture, which are encoded here.
  const auto blends = [&](double opacity, int painted_up_to) {
    const Picture blended = rendered(instance, whole(form, 5), form);
    for (int y = form.y1; y < form.y1 + form.height; y++) {
      for (int x = form.x1; x < form.x1 + form.width; x++) {
        for (int c = 0; c < 3; c++) {
          const double own = source->get(x, y, c), painted = whole_one.get(x, y, c);
          const double cover = x < painted_up_to ? opacity : 0;
          const double expected = own + cover * (painted - own);
          check(std::fabs(blended.get(x, y, c) - expected) < 1e-3, "opacity blends otherwise");
        }
      }
    }
  };
  for (const double opacity : {1.0, 0.75, 0.25}) {
    instance.number("opacity", opacity);
    blends(opacity, 1000);
  }
  instance.connect("Mask", [](double) {
    const auto mask = std::make_shared<Picture>(Form{3, -2, 120, 90, Depth::Float, Components::Alpha});
    for (int y = -2; y < 88; y++) {
      for (int x = 3; x < 123; x++) mask->put(x, y, 0, x < 60);
    }
    return mask;
  });
  blends(0.25, 60);
}

static void drafts_and_windows(const Bench &bench) {
  Instance instance(bench.node);
  lock(instance);
  const Picture steadied = rendered(instance, whole(FORM, 5));
  Request for_show = whole(FORM, 5);
  for_show.is_draft = true;
  const Picture draft = rendered(instance, for_show);
  Request request = whole(FORM, 5);
  request.window[0] = 40;
  request.window[3] = 30;
  const Picture part = rendered(instance, request);
  for (int y = -2; y < 88; y++) {
    for (int x = 3; x < 123; x++) {
      const double expected = x >= 40 && y < 30 ? steadied.get(x, y, 1) : Picture(FORM).get(x, y, 1);
      const double found = part.get(x, y, 1);
      check(found == expected || (std::isnan(found) && std::isnan(expected)), "a window differs");
    }
  }
  instance.number("steady", 0);
  check(same(draft, rendered(instance, for_show)), "a draft is steadied");
  instance.choose("look", "Each frame");
  const Picture own = rendered(instance, whole(FORM, 5));
  instance.number("steady", 3);
  check(same(rendered(instance, whole(FORM, 5)), own), "frames that share nothing are steadied");
}

// The host wants the frame no more while its neighbours are fetched.
static void aborting(const Bench &bench) {
  bench.node.call("OfxActionPurgeCaches");
  Instance instance(bench.node);
  lock(instance);
  instance.connect("Source", [&instance](double time) {
    if (time == 4) instance.effect.is_aborted = true;
    return noisy(FORM, time);
  });
  check(same(rendered(instance, whole(FORM, 5)), *noisy(FORM, 5)), "an aborted frame is the source");
  check(instance.effect.message.empty(), "aborting needs no message");
  instance.effect.is_aborted = false;
}

// Frames rendered at once, as compositors do.
static void at_once(const Bench &bench) {
  std::vector<Picture> expected;
  Instance first(bench.node);
  lock(first);
  for (int time = 0; time < 4; time++) expected.push_back(rendered(first, whole(FORM, time)));
  bench.node.call("OfxActionPurgeCaches");
  std::vector<std::thread> all;
  for (int time = 0; time < 4; time++) {
    all.emplace_back([&, time] {
      Instance instance(bench.node);
      lock(instance);
      const Picture found = rendered(instance, whole(FORM, time));
      check(same(found, expected[static_cast<size_t>(time)]), "threads disturb each other");
    });
  }
  for (auto &thread : all) thread.join();
}

void steady(const Bench &bench) {
  alpha(bench);
  masks(bench);
  opacities(bench);
  drafts_and_windows(bench);
  aborting(bench);
  at_once(bench);
}

}  // namespace strict
