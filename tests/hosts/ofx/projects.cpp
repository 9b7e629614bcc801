// What a project keeps, and what becomes of it on another machine and in another version.
#include <algorithm>

#include "cases.hpp"

namespace strict {

static const Form FORM{0, 0, 64, 48, Depth::Float};

static std::vector<std::string> texts(const Effect &effect, const std::string &parameter,
                                      const std::string &property) {
  std::vector<std::string> found;
  const auto &values = effect.parameters.at(parameter).properties.values;
  const auto at = values.find(property);
  if (at == values.end()) return found;
  for (const Value &value : at->second) found.push_back(std::get<std::string>(value));
  return found;
}

static const char *const NAMES = "OfxParamPropChoiceEnum";

static int place_of(const Effect &effect, const std::string &style) {
  const auto names = texts(effect, "style", NAMES);
  const auto at = std::find(names.begin(), names.end(), style);
  check(at != names.end(), "there is no style " + style);
  return static_cast<int>(at - names.begin());
}

// A person chooses in the host's window.
static void pick(Instance &instance, const std::string &parameter, const std::string &option) {
  instance.choose(parameter, option);
  Properties in;
  in.set("OfxPropType", {std::string("OfxTypeParameter")});
  in.set("OfxPropName", {parameter});
  in.set("OfxPropChangeReason", {std::string("OfxChangeUserEdited")});
  in.set("OfxPropTime", {7.0});
  check(instance.call("OfxActionInstanceChanged", &in) == kOfxStatOK, "changing failed");
}

static void paints(const Bench &bench, Instance &instance, const std::string &style) {
  const auto source = scene(FORM);
  instance.connect("Source", source);
  Picture output(FORM);
  check(instance.render(output) == kOfxStatOK, "rendering failed: " + instance.effect.message);
  check(same(output, bench.engine.paint(*source, style)), "it is not painted in " + style);
}

static void refuses(Instance &instance, const std::string &words) {
  const auto source = scene(FORM);
  instance.connect("Source", source);
  Picture output(FORM);
  check(instance.render(output) == kOfxStatFailed, "it should fail: " + words);
  check(same(output, *source), "the source should come through: " + words);
  const auto &message = instance.effect.message;
  check(message.find(words) != std::string::npos, "no '" + words + "' in: " + message);
  Properties in, out;
  in.set("OfxPropTime", {1.0});
  check(instance.call("OfxImageEffectActionIsIdentity", &in, &out) == kOfxStatReplyDefault,
        "a failure is no identity: " + words);
}

static void style_names(const Bench &bench) {
  Instance instance(bench.node);
  auto &name = instance.effect.parameters.at("style_name").text;
  const int ink = place_of(instance.effect, "ink");
  check(name == std::to_string(place_of(instance.effect, "great-wave")) + " great-wave",
        "a new node keeps its style's name: " + name);
  check(instance.effect.parameters.at("style_name").properties.integer("OfxParamPropSecret") == 1,
        "the name is no control");
  pick(instance, "style", "Ink");
  check(name == std::to_string(ink) + " ink", "the chosen style's name is kept: " + name);
  paints(bench, instance, "ink");
  // Another machine has a style less before it.
  name = std::to_string(ink + 1) + " ink";
  instance.number("style", ink + 1);
  paints(bench, instance, "ink");
  // A script chooses by place.
  instance.choose("style", "Woodcut");
  paints(bench, instance, "woodcut");
  // A style that is on the first machine alone.
  for (const int place : {12, 2, 99}) {
    name = "12 plum";
    instance.number("style", place);
    refuses(instance, "'plum'");
  }
  pick(instance, "style", "Ink");
  paints(bench, instance, "ink");
  name.clear();
  for (const int place : {-1, 99}) {
    instance.number("style", place);
    refuses(instance, std::to_string(place));
  }
  pick(instance, "style", "Ink");
  auto &second = instance.effect.parameters.at("second_style_name").text;
  check(second == "0 none", "no second style has a name, too: " + second);
  second = "12 plum";
  instance.number("second_style", 12);
  refuses(instance, "'plum'");
}

// Of hosts of the standard's version 1.5.
static void string_choices(const Bench &bench) {
  host().habits.has_string_choices = true;
  host().properties.set("OfxParamHostPropSupportsStrChoice", {1});
  {
    Instance instance(bench.node);
    auto &style = instance.effect.parameters.at("style");
    check(style.type == "OfxParamTypeStrChoice", "styles are chosen by name");
    check(style.text == "great-wave", "the first style is a name: " + style.text);
    paints(bench, instance, "great-wave");
    style.text = "ink";
    paints(bench, instance, "ink");
    style.text = "plum";
    refuses(instance, "'plum'");
    style.text = "file";
    refuses(instance, "Style file");
  }
  host().habits.has_string_choices = false;
  host().properties.values.erase("OfxParamHostPropSupportsStrChoice");
}

// Projects know a choice by its place: none may ever be put before another.
static void places(const Bench &bench) {
  const std::map<std::string, std::vector<std::string>> kept = {
      {"style", {"none", "file"}},
      {"second_style", {"none", "file"}},
      {"input_colors", {"host", "srgb", "linear"}},
      {"look", {"each", "locked", "smoothed", "picture"}},
      {"device",
       {"auto", "cpu", "cuda", "directml", "openvino", "openvino:bf16", "cuda:fp16"}},
      {"method", {"fast", "optimize", "studio"}},
      {"preset", {"draft", "normal", "fine"}},
      {"enlarge", {"paint", "plain"}},
      {"start", {"content", "noise"}},
      {"optimizer", {"adam", "lbfgs"}},
      {"style_loss", {"wasserstein", "gram", "matching"}},
      {"pooling", {"max", "average"}},
      {"averaging", {"off", "on"}},
      {"keep_color", {"none", "luminance", "match"}},
      {"plain_areas", {"keep", "paint"}},
  };
  const auto described = bench.node.described("OfxImageEffectContextGeneral");
  for (const auto &[name, parameter] : described->parameters) {
    if (parameter.type != "OfxParamTypeChoice") continue;
    check(kept.count(name) > 0, name + " has no list of what projects keep: add it here");
    const auto names = texts(*described, name, NAMES);
    const auto &first = kept.at(name);
    check(names.size() >= first.size() && std::equal(first.begin(), first.end(), names.begin()),
          "the choices of " + name + " have other places");
    const auto labels = texts(*described, name, "OfxParamPropChoiceOption");
    check(names.size() == labels.size(), "each choice of " + name + " has a name");
    for (const auto &label : labels) {
      check(label.find_first_of(",;") == std::string::npos, "Kdenlive's lists end at: " + label);
    }
  }
  Instance instance(bench.node);
  for (const char *name : {"look", "device", "method", "keep_color"}) {
    const double before = instance.effect.parameters.at(name).number(0);
    instance.number(name, 77);
    refuses(instance, std::string("no choice 77 of ") + name);
    instance.number(name, before);
  }
  paints(bench, instance, "great-wave");
}

// Groups are on the page, each before what is in it; what takes minutes comes last, closed.
static void page(const Bench &bench) {
  const auto described = bench.node.described("OfxImageEffectContextGeneral");
  const auto children = texts(*described, "Controls", "OfxParamPropPageChild");
  const auto place = [&](const std::string &name) {
    const auto at = std::find(children.begin(), children.end(), name);
    check(at != children.end(), name + " is not on the page");
    return at - children.begin();
  };
  for (const auto &name : described->order) {
    const auto &parameter = described->parameters.at(name);
    if (parameter.type == "OfxParamTypePage") continue;
    const std::string group = parameter.properties.text("OfxParamPropParent");
    check(group.empty() || place(group) < place(name), name + " stands before its group");
  }
  check(place("style_group") == 0, "Style comes first");
  check(place("strength") < place("content_weight"), "what has an effect comes first");
  const auto &last = described->parameters.at("optimize_group").properties;
  check(last.integer("OfxParamPropGroupOpen") == 0, "what takes minutes is closed");
  const auto parent = [&](const char *name) {
    return described->parameters.at(name).properties.text("OfxParamPropParent");
  };
  check(parent("content_weight") == "optimize_group", "it is with the others of its method");
}

static void enabled(const Bench &bench) {
  Instance instance(bench.node);
  const auto is_enabled = [&](const char *name) {
    const auto &properties = instance.effect.parameters.at(name).properties;
    return properties.values.count("OfxParamPropEnabled") == 0 ||
           properties.integer("OfxParamPropEnabled") != 0;
  };
  check(is_enabled("strength") && is_enabled("look"), "the fast method's controls");
  check(!is_enabled("content_weight") && !is_enabled("look_frame"), "have no effect");
  pick(instance, "method", "Optimi");
  check(is_enabled("content_weight") && !is_enabled("strength"), "the optimise method's controls");
  check(!is_enabled("look") && !is_enabled("steady"), "it has no look");
  pick(instance, "method", "Fast");
  pick(instance, "look", "Locked");
  check(is_enabled("look_frame") && is_enabled("use_this_frame"), "a locked look has a frame");
  const auto order = [&] {
    return instance.effect.properties.integer("OfxImageEffectInstancePropSequentialRender");
  };
  check(order() == 2, "frames that see others are best rendered in order");
  pick(instance, "look", "Each frame");
  check(order() == 0, "frames for themselves may come in any order");
}

// Hosts render with copies of an instance: one says what is wrong, another that it is well.
static void clones(const Bench &bench) {
  Instance original(bench.node), clone(bench.node), other(bench.node);
  clone.effect.original = other.effect.original = &original.effect;
  const auto source = scene(FORM);
  Picture output(FORM);
  for (Instance *one : {&clone, &other}) one->connect("Source", source);
  clone.choose("style", "A picture file");
  for (const int told : {1, 2}) {
    check(clone.render(output) == kOfxStatFailed, "a style without a file");
    check(original.effect.messages == told, "a message that is kept is told each time");
  }
  check(original.effect.message.find("Style file") != std::string::npos, "what to do is said");
  check(other.render(output) == kOfxStatOK && original.effect.message.empty(),
        "another copy takes the message away");
  check(clone.render(output) == kOfxStatFailed && !original.effect.message.empty(),
        "the same error again is told again");
}

void projects(const Bench &bench) {
  style_names(bench);
  string_choices(bench);
  places(bench);
  page(bench);
  enabled(bench);
  clones(bench);
}

}  // namespace strict
