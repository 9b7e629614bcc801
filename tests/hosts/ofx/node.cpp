#include "node.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <iostream>

namespace strict {

void fail(const std::string &what) {
  std::cerr << "FAILED: " << what << std::endl;
  std::exit(1);
}

void check(bool holds, const std::string &what) {
  if (!holds) fail(what);
}

static const char *const BINARIES = "/Contents/Linux-x86-64/";

Node::Node(const std::string &bundle) {
  void *library = dlopen((bundle + BINARIES + "Impasto.ofx").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail(dlerror());
  auto count = reinterpret_cast<int (*)()>(dlsym(library, "OfxGetNumberOfPlugins"));
  auto get = reinterpret_cast<OfxPlugin *(*)(int)>(dlsym(library, "OfxGetPlugin"));
  check(count != nullptr && get != nullptr, "the library has no plug-ins");
  check(count() == 1 && get(1) == nullptr && get(-1) == nullptr, "there is one plug-in");
  plugin = get(0);
  check(std::string(plugin->pluginApi) == "OfxImageEffectPluginAPI", "it is an image effect");
}

OfxStatus Node::call(const char *action, void *effect, Properties *in, Properties *out) const {
  return plugin->mainEntry(action, effect, in, out);
}

OfxStatus Node::load() const {
  plugin->setHost(&host().sys);
  return call("OfxActionLoad");
}

static void check_lent(const Properties &properties) {
  for (const auto &[pointer, words] : properties.lent) {
    check(words == pointer, "the string '" + words + "' changed after it was lent");
  }
}

std::unique_ptr<Effect> Node::described(const std::string &context) const {
  auto effect = std::make_unique<Effect>();
  effect->properties.kind = Kind::Effect;
  check(call("OfxActionDescribe", effect.get()) == kOfxStatOK, "describing failed");
  Properties in;
  in.set("OfxImageEffectPropContext", {context});
  const OfxStatus status = call("OfxImageEffectActionDescribeInContext", effect.get(), &in);
  check(status == kOfxStatOK, "describing in " + context + " failed");
  check_lent(effect->properties);
  for (const auto &[name, parameter] : effect->parameters) check_lent(parameter.properties);
  return effect;
}

Instance::Instance(const Node &node, const std::string &context) : node(node) {
  const auto described = node.described(context);
  effect.properties.kind = Kind::Effect;
  effect.properties.set("OfxImageEffectPropContext", {context});
  for (const auto &name : described->order) {
    Parameter &parameter = effect.parameters[name] = described->parameters.at(name);
    const auto &given = parameter.properties.values;
    const auto at = given.find("OfxParamPropDefault");
    if (at == given.end()) continue;
    const Value &value = at->second.at(0);
    if (auto *text = std::get_if<std::string>(&value)) parameter.text = *text;
    double number = 0;
    if (auto *whole = std::get_if<int>(&value)) number = *whole;
    if (auto *real = std::get_if<double>(&value)) number = *real;
    parameter.number = [number](double) { return number; };
  }
  for (const auto &[name, clip] : described->clips) {
    effect.clips[name] = clip;
    effect.clips[name].properties.set("OfxImageClipPropConnected", {0});
    effect.clips[name].effect = &effect;
  }
  check(call("OfxActionCreateInstance") == kOfxStatOK, "creating an instance failed");
}

Instance::~Instance() {
  check(call("OfxActionDestroyInstance") == kOfxStatOK, "destroying an instance failed");
  check(effect.images_out == 0, "pictures were not released, or twice");
  check(effect.progress == 0, "progress was not ended, or twice");
}

OfxStatus Instance::call(const char *action, Properties *in, Properties *out) {
  return node.call(action, &effect, in, out);
}

void Instance::number(const std::string &parameter, double value) {
  check(effect.parameters.count(parameter) > 0, "there is no parameter " + parameter);
  effect.parameters[parameter].number = [value](double) { return value; };
}

void Instance::text(const std::string &parameter, const std::string &value) {
  check(effect.parameters.count(parameter) > 0, "there is no parameter " + parameter);
  effect.parameters[parameter].text = value;
}

void Instance::choose(const std::string &parameter, const std::string &option) {
  check(effect.parameters.count(parameter) > 0, "there is no parameter " + parameter);
  const auto &options =
      effect.parameters[parameter].properties.values["OfxParamPropChoiceOption"];
  for (size_t k = 0; k < options.size(); k++) {
    if (std::get<std::string>(options[k]).rfind(option, 0) == 0) {
      return number(parameter, static_cast<double>(k));
    }
  }
  fail(parameter + " has no option " + option);
}

void Instance::connect(const std::string &clip,
                       std::function<std::shared_ptr<Picture>(double)> picture) {
  check(effect.clips.count(clip) > 0, "there is no clip " + clip);
  effect.clips[clip].picture = std::move(picture);
  effect.clips[clip].properties.set("OfxImageClipPropConnected", {1});
}

void Instance::connect(const std::string &clip, std::shared_ptr<Picture> picture) {
  connect(clip, [picture](double) { return picture; });
}

OfxStatus Instance::render(Picture &output) {
  const Form &form = output.form;
  Request request;
  request.window[0] = form.x1;
  request.window[1] = form.y1;
  request.window[2] = form.x1 + form.width;
  request.window[3] = form.y1 + form.height;
  return render(output, request);
}

OfxStatus Instance::render(Picture &output, Request request) {
  // The host's own object, without a copy: the node writes into it.
  connect("Output", std::shared_ptr<Picture>(&output, [](Picture *) {}));
  Properties in;
  in.set("OfxPropTime", {request.time});
  in.set("OfxImageEffectPropFieldToRender", {std::string("OfxFieldNone")});
  const auto told = [&](double scale) {
    return request.tells == Request::Inverse ? 1 / scale : request.tells == Request::One ? 1 : scale;
  };
  if (request.tells != Request::Nothing) {
    in.set("OfxImageEffectPropRenderScale", {told(request.scale[0]), told(request.scale[1])});
  }
  const int *w = request.window;
  in.set("OfxImageEffectPropRenderWindow", {w[0], w[1], w[2], w[3]});
  in.set("OfxImageEffectPropSequentialRenderStatus", {0});
  in.set("OfxImageEffectPropInteractiveRenderStatus", {0});
  in.set("OfxImageEffectPropRenderQualityDraft", {request.is_draft ? 1 : 0});
  effect.scale[0] = request.scale[0];
  effect.scale[1] = request.scale[1];
  const OfxStatus status = call("OfxImageEffectActionRender", &in);
  check(effect.images_out == 0, "pictures were not released");
  return status;
}

Engine::Engine(const std::string &bundle) {
  library = dlopen((bundle + BINARIES + "libimpasto.so.0.2").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail(dlerror());
  mix_looks = reinterpret_cast<decltype(mix_looks)>(symbol("impasto_look_mix"));
  free_look = reinterpret_cast<decltype(free_look)>(symbol("impasto_look_free"));
  set_number = reinterpret_cast<decltype(set_number)>(symbol("impasto_settings_set_number"));
  must(reinterpret_cast<decltype(&impasto_engine_new)>(symbol("impasto_engine_new"))(nullptr,
                                                                                    &engine));
}

Engine::~Engine() {
  reinterpret_cast<decltype(&impasto_engine_free)>(symbol("impasto_engine_free"))(&engine);
}

void *Engine::symbol(const char *name) const {
  void *found = dlsym(library, name);
  if (found == nullptr) fail(dlerror());
  return found;
}

void Engine::must(impasto_status status) const {
  using Words = decltype(&impasto_last_error_message);
  if (status != IMPASTO_STATUS_OK) {
    fail(reinterpret_cast<Words>(symbol("impasto_last_error_message"))());
  }
}

impasto_pixels Engine::described(const Picture &picture, int curve) const {
  using Init = decltype(&impasto_pixels_init);
  impasto_pixels pixels;
  must(reinterpret_cast<Init>(symbol("impasto_pixels_init"))(&pixels, sizeof pixels));
  const Form &form = picture.form;
  const auto *top = picture.pixel(form.x1, form.y1 + form.height - 1);
  pixels.data = const_cast<unsigned char *>(top);
  pixels.width = static_cast<uint32_t>(form.width);
  pixels.height = static_cast<uint32_t>(form.height);
  pixels.row_stride = form.is_top_down ? form.stride() : -form.stride();
  static const int channels[] = {IMPASTO_CHANNELS_RGBA, IMPASTO_CHANNELS_RGB,
                                 IMPASTO_CHANNELS_GRAY};
  pixels.channels = channels[static_cast<int>(form.components)];
  pixels.sample = static_cast<int>(form.depth);
  pixels.alpha =
      form.is_premultiplied ? IMPASTO_ALPHA_PREMULTIPLIED : IMPASTO_ALPHA_STRAIGHT;
  pixels.curve = curve;
  return pixels;
}

impasto_style *Engine::style(const std::string &name) const {
  using Find = decltype(&impasto_style_from_name);
  impasto_style *style = nullptr;
  must(reinterpret_cast<Find>(symbol("impasto_style_from_name"))(engine, name.c_str(), &style));
  return style;
}

Picture Engine::paint(const Picture &source, const std::string &name,
                      std::function<void(impasto_settings *, impasto_run &)> change,
                      const Picture *mask, int curve) const {
  impasto_settings *settings = nullptr;
  using New = decltype(&impasto_settings_new);
  must(reinterpret_cast<New>(symbol("impasto_settings_new"))(&settings));
  impasto_run run;
  using Init = decltype(&impasto_run_init);
  must(reinterpret_cast<Init>(symbol("impasto_run_init"))(&run, sizeof run));
  if (change) change(settings, run);
  Picture painted = source;
  const impasto_pixels from = described(source, curve), to = described(painted, curve);
  impasto_pixels over;
  if (mask != nullptr) over = described(*mask, IMPASTO_CURVE_SRGB);
  impasto_style *in = style(name);
  must(reinterpret_cast<decltype(&impasto_engine_paint)>(symbol("impasto_engine_paint"))(
      engine, in, settings, &run, &from, mask != nullptr ? &over : nullptr, &to, nullptr));
  reinterpret_cast<decltype(&impasto_style_free)>(symbol("impasto_style_free"))(&in);
  reinterpret_cast<decltype(&impasto_settings_free)>(symbol("impasto_settings_free"))(&settings);
  return painted;
}

impasto_look *Engine::look(const Picture &source, const std::string &name) const {
  const impasto_pixels pixels = described(source, IMPASTO_CURVE_SRGB);
  impasto_style *in = style(name);
  impasto_look *look = nullptr;
  using Look = decltype(&impasto_look_from_pixels);
  must(reinterpret_cast<Look>(symbol("impasto_look_from_pixels"))(engine, in, nullptr, nullptr,
                                                                 &pixels, &look));
  reinterpret_cast<decltype(&impasto_style_free)>(symbol("impasto_style_free"))(&in);
  return look;
}

}  // namespace strict
