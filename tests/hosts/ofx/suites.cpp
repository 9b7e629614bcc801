// The suites but that of properties.
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "host.hpp"

namespace strict {

namespace {

Effect *effect_of(void *handle) { return static_cast<Effect *>(handle); }

OfxStatus effect_properties(void *effect, void **set) {
  if (effect == nullptr) return kOfxStatErrBadHandle;
  *set = &effect_of(effect)->properties;
  return kOfxStatOK;
}
OfxStatus effect_parameters(void *effect, void **set) {
  if (effect == nullptr) return kOfxStatErrBadHandle;
  *set = effect;
  return kOfxStatOK;
}
OfxStatus define_clip(void *effect, const char *name, void **set) {
  if (effect == nullptr) return kOfxStatErrBadHandle;
  auto &clip = effect_of(effect)->clips[name];
  clip.name = name;
  clip.properties.kind = Kind::Clip;
  *set = &clip.properties;
  return kOfxStatOK;
}
OfxStatus clip_handle(void *effect, const char *name, void **clip, void **set) {
  if (effect == nullptr) return kOfxStatErrBadHandle;
  auto &clips = effect_of(effect)->clips;
  const auto at = clips.find(name);
  if (at == clips.end()) return kOfxStatErrUnknown;
  *clip = &at->second;
  if (set != nullptr) *set = &at->second.properties;
  return kOfxStatOK;
}
OfxStatus clip_properties(void *clip, void **set) {
  *set = &static_cast<Clip *>(clip)->properties;
  return kOfxStatOK;
}

// A lent picture keeps its pixels alive.
struct Lent : Properties {
  std::shared_ptr<Picture> picture;
  Effect *effect = nullptr;
};

OfxStatus clip_image(void *handle, double time, const OfxRectD *, void **image) {
  auto *clip = static_cast<Clip *>(handle);
  auto picture = clip->picture ? clip->picture(time) : nullptr;
  if (!picture) return kOfxStatFailed;
  const Form &form = picture->form;
  auto *lent = new Lent;
  lent->kind = Kind::Image;
  lent->picture = picture;
  lent->effect = clip->effect;
  lent->set("OfxPropType", {std::string("OfxTypeImage")});
  lent->set("OfxImageEffectPropPixelDepth", {name_of(form.depth)});
  lent->set("OfxImageEffectPropComponents", {name_of(form.components)});
  const char *alpha =
      form.is_premultiplied ? "OfxImageAlphaPremultiplied" : "OfxImageAlphaUnPremultiplied";
  lent->set("OfxImageEffectPropPreMultiplication", {std::string(alpha)});
  lent->set("OfxImagePropBounds",
            {form.x1, form.y1, form.x1 + form.width, form.y1 + form.height});
  const long stride = form.is_top_down ? -form.stride() : form.stride();
  lent->set("OfxImagePropRowBytes", {static_cast<int>(stride)});
  lent->set("OfxImagePropData", {static_cast<void *>(picture->pixel(form.x1, form.y1))});
  lent->set("OfxImagePropPixelAspectRatio", {form.pixel_aspect});
  if (!picture->identifier.empty()) {
    lent->set("OfxImagePropUniqueIdentifier", {picture->identifier});
  }
  clip->effect->images_out++;
  *image = static_cast<Properties *>(lent);
  return kOfxStatOK;
}
OfxStatus release_image(void *image) {
  auto *lent = static_cast<Lent *>(static_cast<Properties *>(image));
  lent->effect->images_out--;
  delete lent;
  return kOfxStatOK;
}
OfxStatus clip_region(void *handle, double time, OfxRectD *region) {
  auto *clip = static_cast<Clip *>(handle);
  auto picture = clip->picture ? clip->picture(time) : nullptr;
  if (!picture) return kOfxStatFailed;
  const Form &form = picture->form;
  const double *scale = clip->effect->scale;
  const double across = form.pixel_aspect / scale[0];
  *region = {form.x1 * across, form.y1 / scale[1], (form.x1 + form.width) * across,
             (form.y1 + form.height) / scale[1]};
  return kOfxStatOK;
}
int aborted(void *effect) {
  effect_of(effect)->abort_calls++;
  return effect_of(effect)->is_aborted ? 1 : 0;
}

OfxStatus define_parameter(void *set, const char *type, const char *name, void **properties) {
  auto *effect = effect_of(set);
  if (effect->parameters.count(name) > 0) {
    host().complain(std::string("defined ") + name + " twice");
    return kOfxStatErrExists;
  }
  if (std::string(type) == "OfxParamTypeStrChoice" && !host().habits.has_string_choices) {
    return kOfxStatErrUnsupported;
  }
  auto &parameter = effect->parameters[name];
  parameter.type = type;
  parameter.properties.kind = Kind::Parameter;
  effect->order.push_back(name);
  *properties = &parameter.properties;
  return kOfxStatOK;
}
OfxStatus parameter_handle(void *set, const char *name, void **parameter, void **properties) {
  auto &parameters = effect_of(set)->parameters;
  const auto at = parameters.find(name);
  if (at == parameters.end()) return kOfxStatErrUnknown;
  *parameter = &at->second;
  if (properties != nullptr) *properties = &at->second.properties;
  return kOfxStatOK;
}
OfxStatus value_at(Parameter *parameter, double time, va_list room) {
  const std::string &type = parameter->type;
  const bool is_text = type == "OfxParamTypeString" || type == "OfxParamTypeStrChoice";
  const bool is_word = is_text || type == "OfxParamTypeChoice";
  if (is_word && host().habits.fails_values) return kOfxStatErrUnknown;
  // A descriptor has no values.
  if (!is_text && !parameter->number) return kOfxStatErrBadHandle;
  if (type == "OfxParamTypeDouble") {
    *va_arg(room, double *) = parameter->number(time);
  } else if (type == "OfxParamTypeInteger" || type == "OfxParamTypeChoice") {
    *va_arg(room, int *) = static_cast<int>(parameter->number(time));
  } else if (is_text) {
    *va_arg(room, char **) = parameter->text.data();
  } else {
    host().complain("asked for the value of a " + type);
    return kOfxStatErrValue;
  }
  return kOfxStatOK;
}
OfxStatus get_value(void *parameter, ...) {
  va_list room;
  va_start(room, parameter);
  const OfxStatus status = value_at(static_cast<Parameter *>(parameter), 0, room);
  va_end(room);
  return status;
}
OfxStatus get_value_at_time(void *parameter, double time, ...) {
  va_list room;
  va_start(room, time);
  const OfxStatus status = value_at(static_cast<Parameter *>(parameter), time, room);
  va_end(room);
  return status;
}
OfxStatus set_value(void *handle, ...) {
  auto *parameter = static_cast<Parameter *>(handle);
  va_list values;
  va_start(values, handle);
  if (parameter->type == "OfxParamTypeString") {
    parameter->text = va_arg(values, const char *);
  } else if (parameter->type == "OfxParamTypeInteger") {
    const int value = va_arg(values, int);
    parameter->number = [value](double) { return value; };
  } else {
    host().complain("set the value of a " + parameter->type);
  }
  va_end(values);
  return kOfxStatOK;
}

// Where a message is shown.
Effect *shown(void *effect) {
  Effect *original = effect_of(effect)->original;
  return original != nullptr ? original : effect_of(effect);
}

// Natron hands its list of arguments on as if it were an argument: of a format that needs any it
// shows rubbish.
bool needs_arguments(const std::string &format) {
  for (size_t at = format.find('%'); at != std::string::npos; at = format.find('%', at + 2)) {
    if (format.compare(at, 2, "%%") != 0) return true;
  }
  return false;
}

OfxStatus keep_message(void *effect, const char *format, va_list values) {
  if (needs_arguments(format)) host().complain(std::string("gave the message ") + format);
  char words[2048];
  std::vsnprintf(words, sizeof words, format, values);
  shown(effect)->message = words;
  shown(effect)->messages++;
  return kOfxStatOK;
}
OfxStatus message(void *effect, const char *, const char *, const char *format, ...) {
  va_list values;
  va_start(values, format);
  const OfxStatus status = keep_message(effect, format, values);
  va_end(values);
  return status;
}
OfxStatus clear_message(void *effect) {
  shown(effect)->message.clear();
  return kOfxStatOK;
}

OfxStatus start_progress(void *effect, const char *) {
  effect_of(effect)->progress++;
  return kOfxStatOK;
}
OfxStatus start_named_progress(void *effect, const char *label, const char *) {
  return start_progress(effect, label);
}
OfxStatus update_progress(void *, double fraction) {
  if (!(fraction >= 0 && fraction <= 1)) host().complain("progress beyond its end");
  return host().habits.progress_answer;
}
OfxStatus end_progress(void *effect) {
  effect_of(effect)->progress--;
  return kOfxStatOK;
}

const OfxImageEffectSuiteV1 EFFECTS = {
    effect_properties, effect_parameters, define_clip, clip_handle, clip_properties,
    clip_image,        release_image,     clip_region, aborted,     nullptr,
    nullptr,           nullptr,           nullptr};
const OfxParameterSuiteV1 PARAMETERS = {
    define_parameter, parameter_handle, nullptr,   nullptr, get_value, get_value_at_time,
    nullptr,          nullptr,          set_value, nullptr, {}};
const OfxMessageSuiteV1 MESSAGES_1 = {message};
const OfxMessageSuiteV2 MESSAGES_2 = {message, message, clear_message};
const OfxProgressSuiteV1 PROGRESS_1 = {start_progress, update_progress, end_progress};
const OfxProgressSuiteV2 PROGRESS_2 = {start_named_progress, update_progress, end_progress};

const void *fetch(void *, const char *name, int version) {
  const std::string suite = std::string(name) + " " + std::to_string(version);
  if (host().habits.missing_suites.count(suite) > 0) return nullptr;
  if (suite == "OfxPropertySuite 1") return &PROPERTIES;
  if (suite == "OfxImageEffectSuite 1") return &EFFECTS;
  if (suite == "OfxParameterSuite 1") return &PARAMETERS;
  if (suite == "OfxMessageSuite 1") return &MESSAGES_1;
  if (suite == "OfxMessageSuite 2") return &MESSAGES_2;
  if (suite == "OfxProgressSuite 1") return &PROGRESS_1;
  if (suite == "OfxProgressSuite 2") return &PROGRESS_2;
  return nullptr;
}

}  // namespace

Host::Host() : sys{&properties, fetch} {
  properties.kind = Kind::Host;
  properties.set("OfxPropName", {std::string("org.impasto.StrictHost")});
  properties.set("OfxImageEffectPropTemporalClipAccess", {1});
}

void Host::complain(const std::string &what) {
  std::lock_guard<std::mutex> lock(mutex);
  wrongs.push_back(what);
}

Host &host() {
  static Host *only = new Host;
  return *only;
}

std::string name_of(Depth depth) {
  static const char *const names[] = {"Byte", "Short", "Half", "Float"};
  return std::string("OfxBitDepth") + names[static_cast<int>(depth)];
}
std::string name_of(Components components) {
  static const char *const names[] = {"RGBA", "RGB", "Alpha"};
  return std::string("OfxImageComponent") + names[static_cast<int>(components)];
}

}  // namespace strict
