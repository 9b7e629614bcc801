#include <array>

#include "cases.hpp"

namespace strict {

// Only the window is written, and it is what the whole frame has there.
static void parts(const Bench &bench) {
  Instance instance(bench.node);
  const Form form{-10, 20, 90, 70, Depth::Float};
  instance.connect("Source", scene(form));
  Picture whole(form);
  check(instance.render(whole) == kOfxStatOK, "rendering failed");
  Request request;
  const int windows[][4] = {{0, 30, 41, 57}, {-10, 20, -9, 90}, {79, 89, 80, 90}, {-50, 0, 5, 25}};
  for (const auto &window : windows) {
    for (const bool is_top_down : {false, true}) {
      Form to = form;
      to.is_top_down = is_top_down;
      to.padding = 16;
      Picture part(to);
      std::copy(window, window + 4, request.window);
      check(instance.render(part, request) == kOfxStatOK, "rendering a window failed");
      const Picture untouched(to);
      for (int y = form.y1; y < form.y1 + form.height; y++) {
        for (int x = form.x1; x < form.x1 + form.width; x++) {
          const bool is_inside =
              x >= window[0] && x < window[2] && y >= window[1] && y < window[3];
          const Picture &expected = is_inside ? whole : untouched;
          for (int c = 0; c < 4; c++) {
            const bool is_same = part.get(x, y, c) == expected.get(x, y, c);
            check(is_same, is_inside ? "a window differs from the frame" : "written outside");
          }
        }
      }
    }
  }
  // Windows that make no sense write nothing.
  Picture nothing(form);
  for (const auto &window : {std::array<int, 4>{9, 9, 5, 5}, {1000, 1000, 2000, 2000}}) {
    std::copy(window.begin(), window.end(), request.window);
    check(instance.render(nothing, request) == kOfxStatOK, "an empty window failed");
    check(nothing.bytes == Picture(form).bytes, "an empty window was written");
  }
}

// The output may be larger than the source: nothing is there.
static void larger_output(const Bench &bench) {
  Instance instance(bench.node);
  const Form form{10, 10, 60, 44, Depth::Float};
  instance.connect("Source", scene(form));
  Form to{0, 0, 100, 80, Depth::Float};
  Picture output(to);
  check(instance.render(output) == kOfxStatOK, "rendering a larger output failed");
  Picture inner(form);
  check(instance.render(inner) == kOfxStatOK, "rendering failed");
  for (int y = 0; y < 80; y++) {
    for (int x = 0; x < 100; x++) {
      const bool is_inside = x >= 10 && x < 70 && y >= 10 && y < 54;
      const double expected = is_inside ? inner.get(x, y, 1) : 0;
      check(output.get(x, y, 1) == expected, "beyond the source lies nothing");
    }
  }
}

static Picture halved(const Picture &picture) {
  Form form = picture.form;
  form.width /= 2;
  form.height /= 2;
  Picture half(form);
  for (int y = 0; y < form.height; y++) {
    for (int x = 0; x < form.width; x++) {
      for (int c = 0; c < form.channels(); c++) {
        const double sum = picture.get(2 * x, 2 * y, c) + picture.get(2 * x + 1, 2 * y, c) +
                           picture.get(2 * x, 2 * y + 1, c) + picture.get(2 * x + 1, 2 * y + 1, c);
        half.put(x, y, c, sum / 4);
      }
    }
  }
  return half;
}

// A proxy looks like the frame made smaller, with any brush.
static void proxies(const Bench &bench) {
  Instance instance(bench.node);
  instance.choose("style", "The Starry Night");
  const Form form{0, 0, 480, 320, Depth::Float};
  const auto frame = scene(form, 0, false, 1);
  const auto proxy = std::make_shared<Picture>(halved(*frame));
  Request half;
  half.scale[0] = half.scale[1] = 0.5;
  half.window[2] = 240;
  half.window[3] = 160;
  for (const double brush_size : {0.0, 1.0, 3.0}) {
    instance.number("brush_size", brush_size);
    instance.connect("Source", frame);
    Picture painted(form);
    check(instance.render(painted) == kOfxStatOK, "rendering failed");
    const Picture expected = halved(painted);
    instance.connect("Source", proxy);
    Picture told(proxy->form), untold(proxy->form), other(proxy->form);
    check(instance.render(told, half) == kOfxStatOK, "rendering a proxy failed");
    check(instance.render(untold) == kOfxStatOK, "rendering failed");
    for (const auto tells : {Request::Inverse, Request::One, Request::Nothing}) {
      Request request = half;
      request.tells = tells;
      check(instance.render(other, request) == kOfxStatOK && same(other, told),
            "what a host says wrongly of its scale is seen through");
    }
    const double near = mean_difference(told, expected), far = mean_difference(untold, expected);
    check(near < 0.04 && near < 0.7 * far,
          "a proxy differs by " + std::to_string(near) + ", a small picture by " +
              std::to_string(far));
    Request draft = half;
    draft.is_draft = true;
    Picture quick(proxy->form);
    check(instance.render(quick, draft) == kOfxStatOK, "rendering a draft failed");
    const double off = mean_difference(quick, expected);
    check(off < 0.1, "a draft differs by " + std::to_string(off));
    // What is quick, on a small canvas, is painted whole.
    check(same(quick, told) == (brush_size == 3), "a draft leaves out what it should not");
  }
  // Scales that make no sense, and drafts.
  for (const double scale : {0.0, -1.0, 1e9, 1e-9}) {
    half.scale[0] = scale;
    Picture output(proxy->form);
    half.is_draft = true;
    check(instance.render(output, half) == kOfxStatOK, "a strange scale failed");
  }
}

static void regions(const Bench &bench) {
  Instance instance(bench.node, "OfxImageEffectContextGeneral");
  instance.connect("Source", scene({10, 20, 60, 44}));
  instance.connect("Style", scene({0, 0, 200, 100}));
  Properties in, out;
  in.set("OfxPropTime", {1.0});
  in.set("OfxImageEffectPropRenderScale", {1.0, 1.0});
  in.set("OfxImageEffectPropRegionOfInterest", {12.0, 22.0, 13.0, 23.0});
  const auto region = [&](const char *name) {
    const auto &v = out.values[name];
    check(v.size() == 4, std::string(name) + " was not told");
    return std::array<double, 4>{std::get<double>(v[0]), std::get<double>(v[1]),
                                 std::get<double>(v[2]), std::get<double>(v[3])};
  };
  const std::array<double, 4> all{10, 20, 70, 64};
  check(instance.call("OfxImageEffectActionGetRegionOfDefinition", &in, &out) == kOfxStatOK,
        "the region of definition failed");
  check(region("OfxImageEffectPropRegionOfDefinition") == all, "the region is the source's");
  check(instance.call("OfxImageEffectActionGetRegionsOfInterest", &in, &out) == kOfxStatOK,
        "the regions of interest failed");
  check(region("OfxImageClipPropRoI_Source") == all, "all of the source is needed");
  check(region("OfxImageClipPropRoI_Style")[2] == 200, "all of the style is needed");
}

void windows(const Bench &bench) {
  parts(bench);
  larger_output(bench);
  proxies(bench);
  regions(bench);
}

}  // namespace strict
