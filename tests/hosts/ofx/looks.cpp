#include <cmath>

#include "cases.hpp"

namespace strict {

static const Form FORM{0, 0, 96, 72, Depth::Float};

// A shot that becomes dark.
static std::shared_ptr<Picture> frame(double time) {
  const auto picture = scene(FORM, time * 7);
  for (int y = 0; y < FORM.height; y++) {
    for (int x = 0; x < FORM.width; x++) {
      for (int c = 0; c < 3; c++) {
        picture->put(x, y, c, picture->get(x, y, c) * std::fmax(0.1, 1 - time * 0.06));
      }
    }
  }
  return picture;
}

static std::shared_ptr<Picture> shot(double time) {
  return time < 0 || time > 12 ? nullptr : frame(time);
}

static Picture rendered(Instance &instance, double time) {
  Request request;
  request.time = time;
  request.window[2] = FORM.width;
  request.window[3] = FORM.height;
  Picture output(FORM);
  check(instance.render(output, request) == kOfxStatOK,
        "rendering a frame failed: " + instance.effect.message);
  return output;
}

static void frames_needed(Instance &instance, double time, const std::vector<double> &expected) {
  Properties in, out;
  in.set("OfxPropTime", {time});
  const auto status = instance.call("OfxImageEffectActionGetFramesNeeded", &in, &out);
  if (expected.empty()) return check(status == kOfxStatReplyDefault, "its own frame is needed");
  const auto &found = out.values["OfxImageClipPropFrameRange_Source"];
  check(status == kOfxStatOK && found.size() == expected.size(), "frames are needed");
  for (size_t k = 0; k < expected.size(); k++) {
    check(std::get<double>(found[k]) == expected[k], "other frames are needed");
  }
}

static void locked(const Bench &bench) {
  Instance instance(bench.node);
  instance.choose("style", "The Starry Night");
  instance.connect("Source", shot);
  frames_needed(instance, 9, {});
  const Picture own = rendered(instance, 9);
  instance.choose("look", "Locked");
  instance.number("look_frame", 2);
  frames_needed(instance, 9, {8, 10, 2, 2});
  instance.number("steady", 3);
  frames_needed(instance, 9, {6, 12, 2, 2});
  // What steadying does is tried with real motion.
  instance.number("steady", 0);
  frames_needed(instance, 9, {9, 9, 2, 2});
  impasto_look *look = bench.engine.look(*shot(2), "starry-night");
  const Picture expected = bench.engine.paint(*shot(9), "starry-night",
                                              [&](auto *, auto &run) { run.look = look; });
  bench.engine.free_look(&look);
  const Picture painted = rendered(instance, 9);
  check(most_difference(painted, expected) < 1e-5, "the look of another frame");
  check(mean_difference(painted, own) > 0.005, "locking does nothing");
  check(same(rendered(instance, 2), bench.engine.paint(*shot(2), "starry-night")),
        "the frame itself has its own look");
  // As a new node has it in a shot that begins elsewhere, in a host that tells where it begins.
  const auto &told = instance.effect.message;
  instance.effect.clips["Source"].properties.set("OfxImageEffectPropFrameRange", {0.0, 12.0});
  instance.number("look_frame", -9);
  frames_needed(instance, 9, {9, 9, 0, 0});
  check(same(rendered(instance, 0), bench.engine.paint(*shot(0), "starry-night")),
        "the nearest frame is taken");
  rendered(instance, 9);
  check(told.find("frame 0") != std::string::npos && told.find("-9") != std::string::npos,
        "that the nearest is taken is said: " + told);
  Properties in;
  in.set("OfxPropType", {std::string("OfxTypeParameter")});
  in.set("OfxPropName", {std::string("use_this_frame")});
  in.set("OfxPropChangeReason", {std::string("OfxChangeUserEdited")});
  in.set("OfxPropTime", {2.0});
  check(instance.call("OfxActionInstanceChanged", &in) == kOfxStatOK, "the button failed");
  check(same(rendered(instance, 9), painted), "the button takes the frame that is shown");
  check(told.empty(), "nothing is said any more: " + told);
  instance.effect.clips["Source"].properties.values.erase("OfxImageEffectPropFrameRange");
  instance.number("look_frame", 400);
  Picture output(FORM);
  check(instance.render(output) == kOfxStatFailed, "there is no frame 400");
  check(same(output, *shot(1)), "the source comes through");
  check(instance.effect.message.find("frame 400") != std::string::npos, "the message names it");
}

// What was rendered before changes nothing.
static void smoothed(const Bench &bench) {
  const int orders[][5] = {{0, 1, 2, 3, 4}, {4, 2, 0, 3, 1}, {12, 0, 4, 1, 2}};
  std::map<int, std::vector<unsigned char>> first;
  for (const auto &order : orders) {
    bench.node.call("OfxActionPurgeCaches");
    Instance instance(bench.node);
    instance.choose("look", "Smoothed");
    instance.number("look_frames", 1);
    instance.connect("Source", shot);
    frames_needed(instance, 5, {1, 9});
    for (const int time : order) {
      const Picture painted = rendered(instance, time);
      const auto known = first.emplace(time, painted.bytes);
      check(known.first->second == painted.bytes, "the order of rendering shows");
    }
  }
  // Weighed by hand.
  Instance instance(bench.node);
  instance.choose("style", "Ink");
  instance.choose("look", "Smoothed");
  instance.number("look_frames", 1);
  instance.number("steady", 0);
  instance.connect("Source", shot);
  frames_needed(instance, 5, {2, 8});
  std::vector<impasto_look *> looks;
  std::vector<float> weights;
  for (int time = 0; time <= 4; time++) {
    looks.push_back(bench.engine.look(*shot(time), "ink"));
    weights.push_back(static_cast<float>(std::exp(-std::fabs(time - 1))));
  }
  impasto_look *mixed = nullptr;
  check(bench.engine.mix_looks(looks.data(), weights.data(), looks.size(), &mixed) ==
            IMPASTO_STATUS_OK,
        "mixing looks");
  const Picture expected =
      bench.engine.paint(*shot(1), "ink", [&](auto *, auto &run) { run.look = mixed; });
  check(most_difference(rendered(instance, 1), expected) < 1e-4, "the weights are exponential");
  looks.push_back(mixed);
  for (auto &look : looks) bench.engine.free_look(&look);
}

// A host that shows one frame at a time.
static void alone(const Bench &bench) {
  host().properties.set("OfxImageEffectPropTemporalClipAccess", {0});
  Instance instance(bench.node);
  instance.connect("Source", shot);
  for (const char *look : {"Locked", "Smoothed"}) {
    instance.choose("look", look);
    instance.number("look_frame", 5);
    Picture output(FORM);
    check(instance.render(output) == kOfxStatFailed && same(output, *shot(1)),
          "other frames cannot be seen");
    check(instance.effect.message.find("Of a picture") != std::string::npos, "the cure is told");
  }
  check(instance.effect.clips["Source"].properties.integer(
            "OfxImageEffectPropTemporalClipAccess") == 0,
        "what the host has not is not asked for");
  host().properties.set("OfxImageEffectPropTemporalClipAccess", {1});
}

void looks(const Bench &bench) {
  locked(bench);
  smoothed(bench);
  alone(bench);
}

}  // namespace strict
