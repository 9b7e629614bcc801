#include <cmath>

#include "cases.hpp"

namespace strict {

static const Form FORM{0, 0, 64, 48, Depth::Float};
static const char *const GENERAL = "OfxImageEffectContextGeneral";

static Picture rendered(Instance &instance, const char *what) {
  Picture output(FORM);
  check(instance.render(output) == kOfxStatOK, std::string("rendering failed: ") + what);
  return output;
}

static void styles(const Bench &bench) {
  Instance instance(bench.node);
  const auto source = scene(FORM);
  instance.connect("Source", source);
  instance.choose("style", "Ink");
  const Picture ink = rendered(instance, "a style");
  check(same(ink, bench.engine.paint(*source, "ink")), "a shipped style");
  instance.choose("second_style", "The Scream");
  instance.number("style_mix", 1);
  const Picture scream = rendered(instance, "the second style");
  check(same(scream, bench.engine.paint(*source, "the-scream")), "the second style alone");
  instance.number("style_mix", 0.5);
  const Picture mixed = rendered(instance, "two styles");
  check(!same(mixed, ink) && !same(mixed, scream), "mixing did nothing");
  instance.number("style_mix", 0);
  check(same(rendered(instance, "the first style"), ink), "the first style alone");
}

// Every parameter of a painting reaches the engine, at the time of the frame.
static void parameters(const Bench &bench) {
  const auto source = scene(FORM);
  for (const auto &pair : std::vector<std::pair<std::string, double>>{
           {"strength", 0.2}, {"grain", 0.9}, {"brush-size", 2}, {"turbulence", 0.9}, {"seed", 7},
           {"keep-color", 1}, {"keep-color", 2}, {"opacity", 0.4}}) {
    const std::string &name = pair.first;
    Instance instance(bench.node);
    instance.connect("Source", source);
    instance.choose("style", "Mosaic");
    const Picture usual = rendered(instance, "a parameter");
    std::string script_name = name;
    for (char &letter : script_name) letter = letter == '-' ? '_' : letter;
    const double at_ten = pair.second;
    const double usually = instance.effect.parameters[script_name].number(0);
    instance.effect.parameters[script_name].number = [=](double time) {
      return time == 10 ? at_ten : usually;
    };
    check(same(rendered(instance, name.c_str()), usual), name + " changed at another time");
    Picture output(FORM);
    Request request;
    request.time = 10;
    request.window[2] = FORM.width;
    request.window[3] = FORM.height;
    check(instance.render(output, request) == kOfxStatOK, name);
    const Picture expected = bench.engine.paint(*source, "mosaic", [&](auto *settings, auto &) {
      const auto status = bench.engine.set_number(settings, name.c_str(), at_ten);
      check(status == IMPASTO_STATUS_OK, name + " is no setting");
    });
    check(same(output, expected), name + " did not reach the engine");
    check(!same(output, usual), name + " does nothing");
  }
}

// Settings that are texts are controls, too; those for programs are none.
static void texts(const Bench &bench) {
  Instance instance(bench.node, GENERAL);
  check(instance.effect.parameters.count("checkpoint") == 0, "checkpoints are for programs");
  instance.connect("Source", scene(FORM));
  instance.connect("Style", scene(FORM, 9));
  instance.choose("method", "Optimise");
  instance.text("schedule", "48:1");
  const Picture one = rendered(instance, "one step");
  instance.text("schedule", " 48:3 ");
  check(!same(rendered(instance, "three steps"), one), "the schedule is not used");
  instance.text("schedule", "48");
  Picture output(FORM);
  check(instance.render(output) == kOfxStatFailed, "that is no schedule");
  const auto &message = instance.effect.message;
  check(message.find("schedule") != std::string::npos, "no 'schedule' in: " + message);
}

// The methods that optimise need no picture at the input Style.
static void optimised_by_name(const Bench &bench) {
  for (const char *method : {"Optimise", "Studio"}) {
    Instance instance(bench.node, GENERAL);
    instance.connect("Source", scene(FORM));
    instance.choose("method", method);
    instance.text("schedule", "48:2");
    instance.choose("style", "Ink");
    const Picture ink = rendered(instance, "a shipped style");
    instance.choose("style", "Mosaic");
    check(!same(rendered(instance, "another"), ink), "the style is not used");
  }
}

static void style_clip(const Bench &bench) {
  Instance instance(bench.node, GENERAL);
  instance.connect("Source", scene(FORM));
  instance.choose("style", "Ink");
  const Picture ink = rendered(instance, "General");
  const auto blots = scene({7, 9, 130, 110, Depth::Byte, Components::Rgb, false, true, 5}, 900);
  instance.connect("Style", blots);
  const Picture first = rendered(instance, "a picture at Style");
  check(!same(first, ink), "the picture at Style is not used");
  check(same(rendered(instance, "again"), first), "the same picture, another style");
  blots->put(20, 20, 0, 1);
  for (int k = 0; k < 2000; k++) blots->put(7 + k % 130, 9 + k / 130, 1, 1);
  check(!same(rendered(instance, "another picture"), first), "a changed picture is a style anew");
}

// A picture with an identifier is read once; one that a host gives to all stands for none.
static void identifiers(const Bench &bench) {
  Instance instance(bench.node, GENERAL);
  instance.connect("Source", scene(FORM));
  const auto blots = scene({0, 0, 130, 110, Depth::Byte}, 900);
  const auto white_row = [&](int y) {
    for (int x = 0; x < 130; x++) blots->put(x, y, 1, 1);
  };
  instance.connect("Style", blots);
  blots->identifier = "first";
  const Picture first = rendered(instance, "an identifier");
  white_row(3);
  check(same(rendered(instance, "the same"), first), "a known identifier is read again");
  blots->identifier = "second";
  const Picture second = rendered(instance, "another identifier");
  check(!same(second, first), "another identifier is another picture");
  for (int y = 20; y < 60; y++) white_row(y);
  check(!same(rendered(instance, "another picture"), second), "a constant identifier is believed");
}

// Of pixels that are shown twice as wide as high every second row is left.
static void wide_style(const Bench &bench) {
  Instance instance(bench.node, GENERAL);
  instance.connect("Source", scene(FORM));
  const auto square = scene({0, 0, 260, 55});
  const auto painted = [&](double aspect) {
    Form form{0, 0, 260, 110};
    form.pixel_aspect = aspect;
    const auto style = std::make_shared<Picture>(form);
    for (int y = 0; y < 110; y++) {
      for (int x = 0; x < 260; x++) {
        for (int c = 0; c < 4; c++) style->put(x, y, c, square->get(x, y / 2, c));
      }
    }
    instance.connect("Style", style);
    return rendered(instance, "a style of wide pixels");
  };
  instance.connect("Style", square);
  const Picture expected = rendered(instance, "a style of square pixels");
  const double as_stored = mean_difference(painted(1), expected);
  const double as_shown = mean_difference(painted(2), expected);
  check(as_shown < 0.1 * as_stored, "a style's pixels are not square: " +
                                        std::to_string(as_shown) + " " +
                                        std::to_string(as_stored));
}

static void mask_clip(const Bench &bench) {
  const auto source = scene(FORM);
  for (const Components components : {Components::Alpha, Components::Rgba}) {
    Instance instance(bench.node, GENERAL);
    instance.connect("Source", source);
    instance.choose("style", "Ink");
    const Picture whole = rendered(instance, "General");
    const Form form{-5, 10, 37, 30, Depth::Float, components, false, true, 4};
    const auto mask = std::make_shared<Picture>(form);
    const int last = form.channels() - 1;
    for (int y = 10; y < 40; y++) {
      for (int x = -5; x < 32; x++) {
        for (int c = 0; c <= last; c++) mask->put(x, y, c, c == last ? x < 20 : 0.3);
      }
    }
    instance.connect("Mask", mask);
    const Picture part = rendered(instance, "a mask");
    for (int y = 0; y < FORM.height; y++) {
      for (int x = 0; x < FORM.width; x++) {
        const bool is_painted = x < 20 && y >= 10 && y < 40;
        const Picture &expected = is_painted ? whole : *source;
        const double off = std::fabs(part.get(x, y, 1) - expected.get(x, y, 1));
        check(off < 1e-5, "the mask is not where it should be");
      }
    }
  }
}

static void colors(const Bench &bench) {
  const auto source = scene(FORM);
  const Picture linear = bench.engine.paint(*source, "ink", {}, nullptr, IMPASTO_CURVE_LINEAR);
  const Picture encoded = bench.engine.paint(*source, "ink");
  check(!same(linear, encoded), "the curve does nothing");
  Instance instance(bench.node);
  instance.connect("Source", source);
  instance.choose("style", "Ink");
  const auto expect = [&](const Picture &expected, const char *what) {
    check(same(rendered(instance, what), expected), what);
  };
  expect(encoded, "an unknown host's floats are encoded");
  instance.choose("input_colors", "Linear");
  expect(linear, "linear by choice");
  instance.choose("input_colors", "By host");
  auto &clip = instance.effect.clips["Source"].properties;
  for (const auto &[space, picture] : {std::pair<const char *, const Picture *>{
                                           "ofx_scene_linear", &linear},
                                       {"ofx_display_sdr", &encoded},
                                       {"lin_rec709_srgb", &linear},
                                       {"srgb_texture", &encoded},
                                       {"ofx_raw", &encoded}}) {
    clip.set("OfxImageClipPropColourspace", {std::string(space)});
    expect(*picture, space);
  }
  clip.values.erase("OfxImageClipPropColourspace");
  auto &own = host().properties;
  for (const char *name : {"fr.inria.Natron", "uk.co.thefoundry.nuke", "DaVinciResolve"}) {
    own.set("OfxPropName", {std::string(name)});
    expect(std::string(name) == "DaVinciResolve" ? encoded : linear, name);
  }
  own.set("OfxPropName", {std::string("org.impasto.StrictHost")});
}

static void color_management(const Bench &bench) {
  auto &own = host().properties;
  own.set("OfxImageEffectPropColourManagementStyle",
          {std::string("OfxImageEffectColourManagementFull")});
  Instance instance(bench.node);
  Properties in, out;
  check(instance.call("OfxImageEffectActionGetClipPreferences", &in, &out) == kOfxStatOK,
        "colour spaces are preferred");
  check(out.text("OfxImageClipPropPreferredColourspaces_Source") == "ofx_scene_linear",
        "linear pictures come first");
  check(instance.call("OfxImageEffectActionGetOutputColourspace", &in, &out) == kOfxStatOK,
        "the output's colour space");
  check(out.text("OfxImageClipPropColourspace") == "OfxColourspace_Source", "is the source's");
  own.values.erase("OfxImageEffectPropColourManagementStyle");
  check(instance.call("OfxImageEffectActionGetClipPreferences", &in, &out) == kOfxStatReplyDefault,
        "nothing is preferred without colour management");
}

static void identity(const Bench &bench) {
  Instance instance(bench.node, GENERAL);
  const auto source = scene(FORM);
  instance.connect("Source", source);
  const auto is_identity = [&] {
    Properties in, out;
    in.set("OfxPropTime", {3.0});
    in.set("OfxImageEffectPropRenderScale", {1.0, 1.0});
    const auto status = instance.call("OfxImageEffectActionIsIdentity", &in, &out);
    if (status == kOfxStatReplyDefault) return false;
    check(status == kOfxStatOK && out.text("OfxPropName") == "Source" &&
              out.number("OfxPropTime") == 3,
          "identity is told wrongly");
    check(same(rendered(instance, "identity"), *source), "identity changes pixels");
    return true;
  };
  check(!is_identity(), "a new node paints");
  instance.number("opacity", 0);
  check(is_identity(), "without opacity nothing is painted");
  instance.number("opacity", 1);
  instance.choose("style", "None");
  check(is_identity(), "without a style nothing is painted");
  instance.choose("style", "A picture file");
  check(!is_identity(), "a style without a file is an error, which rendering says");
  instance.connect("Style", scene(FORM));
  check(!is_identity(), "a picture at Style is a style");
}

void inputs(const Bench &bench) {
  styles(bench);
  parameters(bench);
  texts(bench);
  optimised_by_name(bench);
  style_clip(bench);
  identifiers(bench);
  wide_style(bench);
  mask_clip(bench);
  colors(bench);
  color_management(bench);
  identity(bench);
}

}  // namespace strict
