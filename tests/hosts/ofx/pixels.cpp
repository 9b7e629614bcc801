#include "cases.hpp"

namespace strict {

static const Depth DEPTHS[] = {Depth::Byte, Depth::Short, Depth::Half, Depth::Float};

static std::string words(const Form &form) {
  return name_of(form.depth) + " " + name_of(form.components) +
         (form.is_premultiplied ? " premultiplied" : "") + (form.is_top_down ? " top-down" : "") +
         (form.padding > 0 ? " padded" : "");
}

// What lies in gaps belongs to the host.
static void check_gaps(const Picture &picture) {
  const Form &form = picture.form;
  for (int row = 0; row < form.height - 1; row++) {
    for (int k = 0; k < form.padding; k++) {
      const auto at = static_cast<size_t>(row * form.stride() + form.row() + k);
      check(picture.bytes[at] == 0xa5, "a gap was written: " + words(form));
    }
  }
}

// The node's picture is the engine's own, in every depth, layout and kind of alpha.
static void every_layout(const Bench &bench) {
  Instance instance(bench.node);
  instance.choose("style", "The Starry Night");
  int k = 0;
  for (const Depth depth : DEPTHS) {
    for (const Components components : {Components::Rgba, Components::Rgb}) {
      for (const bool is_premultiplied : {false, true}) {
        if (is_premultiplied && components == Components::Rgb) continue;
        // Sign and gaps change through, so that all pairs come up.
        k++;
        Form form{0, 0, 72, 56, depth, components, is_premultiplied, k % 2 == 0, k % 3 * 20};
        form.x1 = k % 3 == 0 ? -17 : 5;
        form.y1 = k % 4 == 0 ? -40 : 3;
        Form to = form;
        to.is_top_down = k % 3 == 0;
        to.padding = k % 2 * 12;
        const auto source = scene(form, 0, true);
        const Picture before = *source;
        instance.connect("Source", source);
        Picture output(to);
        check(instance.render(output) == kOfxStatOK, "rendering: " + words(form));
        check(source->bytes == before.bytes, "the source was written: " + words(form));
        check_gaps(output);
        const Picture expected = bench.engine.paint(*source, "starry-night");
        check(most_difference(output, expected) <= 1.0 / 255, "another painting: " + words(form));
        check(mean_difference(output, *source) > 0.02, "nothing was painted: " + words(form));
        if (components == Components::Rgba) {
          for (int y = form.y1; y < form.y1 + form.height; y++) {
            for (int x = form.x1; x < form.x1 + form.width; x++) {
              check(output.get(x, y, 3) == source->get(x, y, 3), "alpha changed: " + words(form));
            }
          }
        }
      }
    }
  }
}

static void alpha_passes(const Bench &bench) {
  Instance instance(bench.node);
  for (const Depth depth : DEPTHS) {
    const Form form{0, 0, 40, 30, depth, Components::Alpha, false, false, 8};
    const auto source = scene(form, 0, true);
    instance.connect("Source", source);
    Picture output(form);
    check(instance.render(output) == kOfxStatOK, "rendering alpha failed");
    check(same(output, *source), "alpha was changed");
    check_gaps(output);
  }
}

// A source of other components than the output.
static void components_differ(const Bench &bench) {
  Instance instance(bench.node);
  const Form rgb{0, 0, 64, 48, Depth::Float, Components::Rgb};
  Form rgba = rgb;
  rgba.components = Components::Rgba;
  const auto source = scene(rgb);
  instance.connect("Source", source);
  Picture output(rgba);
  check(instance.render(output) == kOfxStatOK, "rendering RGB to RGBA failed");
  check(output.get(3, 3, 3) == 1, "RGB became transparent");
  instance.number("opacity", 0);
  check(instance.render(output) == kOfxStatOK, "passing RGB to RGBA failed");
  check(output.get(3, 3, 0) == source->get(3, 3, 0) && output.get(3, 3, 3) == 1,
        "RGB was not passed as RGBA");
}

void pixels(const Bench &bench) {
  every_layout(bench);
  alpha_passes(bench);
  components_differ(bench);
}

}  // namespace strict
