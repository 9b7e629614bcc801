#include <cmath>
#include <limits>
#include <random>

#include "cases.hpp"

namespace strict {

static const Form FORM{0, 0, 48, 40, Depth::Float};

static const char *const ACTIONS[] = {
    "OfxActionLoad", "OfxActionUnload", "OfxActionDescribe",
    "OfxImageEffectActionDescribeInContext", "OfxActionCreateInstance",
    "OfxActionDestroyInstance", "OfxActionBeginInstanceChanged", "OfxActionInstanceChanged",
    "OfxActionEndInstanceChanged", "OfxActionBeginInstanceEdit", "OfxActionEndInstanceEdit",
    "OfxActionSyncPrivateData", "OfxActionPurgeCaches", "OfxImageEffectActionGetClipPreferences",
    "OfxImageEffectActionGetRegionOfDefinition", "OfxImageEffectActionGetRegionsOfInterest",
    "OfxImageEffectActionGetFramesNeeded", "OfxImageEffectActionGetTimeDomain",
    "OfxImageEffectActionIsIdentity", "OfxImageEffectActionBeginSequenceRender",
    "OfxImageEffectActionRender", "OfxImageEffectActionEndSequenceRender", "NoSuchAction", ""};

// Values beyond what the node declared.
static void values(const Bench &bench) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {1e300, -1e300, nan, 1e9, -5.0, 2.5}) {
    Instance instance(bench.node);
    instance.connect("Source", scene(FORM));
    for (auto &[name, parameter] : instance.effect.parameters) {
      const bool is_whole = parameter.type != "OfxParamTypeDouble";
      const double clipped = std::fmin(std::fmax(value, -2147483648.0), 2147483647.0);
      const double told = is_whole ? (std::isnan(value) ? -1 : clipped) : value;
      // A choice that is not there is an error, which is another test.
      if (parameter.type == "OfxParamTypeChoice") continue;
      parameter.number = [told](double) { return told; };
    }
    instance.choose("style", "Ink");
    Picture output(FORM);
    const bool is_painted = instance.render(output) == kOfxStatOK;
    check(is_painted, "values beyond the ranges are brought inside: " + instance.effect.message);
  }
}

// Pixels that are no numbers.
static void numbers(const Bench &bench) {
  for (const Depth depth : {Depth::Half, Depth::Float}) {
    Form form = FORM;
    form.depth = depth;
    const auto source = scene(form, 0, true);
    const double strange[] = {INFINITY, -INFINITY, NAN, 1e30, -1e30, 1e-40, -3, 900};
    for (int k = 0; k < 60; k++) source->put(k % 48, k % 40, k % 4, strange[k % 8]);
    Instance instance(bench.node);
    instance.connect("Source", source);
    Picture output(form);
    check(instance.render(output) == kOfxStatOK, "strange numbers are painted");
    check(std::isfinite(output.get(47, 0, 1)), "strange numbers spread");
  }
}

static void missing_suites(const Bench &bench) {
  for (const char *suite : {"OfxPropertySuite 1", "OfxImageEffectSuite 1", "OfxParameterSuite 1"}) {
    host().habits.missing_suites = {suite};
    check(bench.node.load() == kOfxStatErrMissingHostFeature, "it needs that suite");
  }
  const std::vector<std::set<std::string>> optional = {
      {"OfxMessageSuite 2"},
      {"OfxMessageSuite 1", "OfxMessageSuite 2"},
      {"OfxProgressSuite 2"},
      {"OfxProgressSuite 1", "OfxProgressSuite 2", "OfxMessageSuite 1", "OfxMessageSuite 2"}};
  for (const auto &suites : optional) {
    host().habits.missing_suites = suites;
    check(bench.node.load() == kOfxStatOK, "it does without those suites");
    Instance instance(bench.node);
    instance.connect("Source", scene(FORM));
    Picture output(FORM);
    check(instance.render(output) == kOfxStatOK, "rendering without those suites");
    instance.choose("style", "A picture file");
    instance.effect.parameters["style_file"].text = "/no/such.png";
    check(instance.render(output) == kOfxStatFailed, "failing without those suites");
  }
  host().habits.missing_suites.clear();
  check(bench.node.load() == kOfxStatOK, "loading again");
}

// Every property that the node could ask for or set is left out in turn.
static void missing_properties(const Bench &bench) {
  for (const char *name :
       {"OfxPropName", "OfxImageEffectPropTemporalClipAccess", "OfxImageEffectPropContext",
        "OfxPropTime", "OfxImageEffectPropRenderScale", "OfxImageEffectPropRenderWindow",
        "OfxImageEffectPropRenderQualityDraft", "OfxImagePropPixelAspectRatio",
        "OfxImageEffectPropPreMultiplication", "OfxImageClipPropConnected",
        "OfxImageEffectPropFrameRange", "OfxParamPropDefault", "OfxParamPropParent",
        "OfxImageEffectPropSupportedContexts", "OfxPropIcon", "OfxParamPropChoiceOption"}) {
    host().habits.missing_properties = {name};
    Instance instance(bench.node, "OfxImageEffectContextFilter");
    for (auto &[_, parameter] : instance.effect.parameters) {
      if (!parameter.number) parameter.number = [](double) { return 0.0; };
    }
    instance.connect("Source", scene(FORM));
    Picture output(FORM);
    check(instance.render(output) == kOfxStatOK, std::string("rendering without ") + name);
  }
  // Pictures that nothing can be done with.
  for (const char *name : {"OfxImagePropData", "OfxImagePropBounds", "OfxImageEffectPropPixelDepth",
                           "OfxImageEffectPropComponents", "OfxImagePropRowBytes"}) {
    host().habits.missing_properties = {name};
    Instance instance(bench.node);
    instance.connect("Source", scene(FORM));
    Picture output(FORM);
    const bool may_work = std::string(name) == "OfxImagePropRowBytes";
    check((instance.render(output) == kOfxStatOK) == may_work, std::string("a picture without ") + name);
  }
  host().habits.missing_properties.clear();
}

static void failing_values(const Bench &bench) {
  host().habits.fails_values = true;
  Instance instance(bench.node);
  const auto source = scene(FORM);
  instance.connect("Source", source);
  Picture output(FORM);
  check(instance.render(output) == kOfxStatOK, "values that cannot be asked are the defaults");
  check(same(output, bench.engine.paint(*source, "great-wave")), "the default style");
  host().habits.fails_values = false;
}

// Any action at any time, with and without handles.
static void any_order(const Bench &bench) {
  check(bench.node.plugin->mainEntry(nullptr, nullptr, nullptr, nullptr) != kOfxStatOK,
        "no action is an error");
  std::mt19937 random(7);
  const auto chance = [&](unsigned of) { return random() % of; };
  for (int k = 0; k < 3000; k++) {
    auto instance = std::make_unique<Effect>();
    instance->properties.kind = Kind::Arguments;
    Properties in, out;
    const char *action = ACTIONS[chance(std::size(ACTIONS))];
    if (chance(50) == 0) bench.node.plugin->setHost(chance(2) == 0 ? nullptr : &host().sys);
    bench.node.call(action, chance(2) == 0 ? nullptr : instance.get(),
                    chance(2) == 0 ? nullptr : &in, chance(2) == 0 ? nullptr : &out);
    bench.node.call("OfxActionDestroyInstance", instance.get());
  }
  host().wrongs.clear();
  check(bench.node.load() == kOfxStatOK, "loading after all that");
}

void hostile(const Bench &bench) {
  values(bench);
  numbers(bench);
  missing_suites(bench);
  missing_properties(bench);
  failing_values(bench);
  any_order(bench);
}

}  // namespace strict
