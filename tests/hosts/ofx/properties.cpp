// Property sets, and the suite that reads and writes them.
#include "host.hpp"

namespace strict {

namespace {

// The properties that a node may set on a descriptor or an instance.
const std::map<Kind, std::set<std::string>> SETTABLE = {
    {Kind::Host, {}},
    {Kind::Image, {}},
    {Kind::Effect,
     {"OfxPropLabel", "OfxPropShortLabel", "OfxPropLongLabel", "OfxPropIcon", "OfxPropVersion",
      "OfxPropVersionLabel", "OfxPropPluginDescription", "OfxImageEffectPluginPropGrouping",
      "OfxImageEffectPropSupportedContexts", "OfxImageEffectPropSupportedPixelDepths",
      "OfxImageEffectPluginRenderThreadSafety", "OfxImageEffectPropSupportsMultiResolution",
      "OfxImageEffectPropTemporalClipAccess", "OfxImageEffectPropSupportsTiles",
      "OfxImageEffectPluginPropHostFrameThreading", "OfxImageEffectPluginPropSingleInstance",
      "OfxImageEffectPluginPropFieldRenderTwiceAlways", "OfxImageEffectPropMultipleClipDepths",
      "OfxImageEffectPropSupportsMultipleClipPARs", "OfxImageEffectPropColourManagementStyle",
      "OfxImageEffectPropRenderQualityDraft", "OfxImageEffectInstancePropSequentialRender",
      "OfxImageEffectPropColourManagementAvailableConfigs"}},
    {Kind::Clip,
     {"OfxPropLabel", "OfxPropShortLabel", "OfxPropLongLabel",
      "OfxImageEffectPropSupportedComponents", "OfxImageEffectPropTemporalClipAccess",
      "OfxImageClipPropOptional", "OfxImageClipPropFieldExtraction", "OfxImageClipPropIsMask",
      "OfxImageEffectPropSupportsTiles"}},
    {Kind::Parameter,
     {"OfxPropLabel", "OfxPropShortLabel", "OfxPropLongLabel", "OfxParamPropHint",
      "OfxParamPropScriptName", "OfxParamPropParent", "OfxParamPropDefault", "OfxParamPropMin",
      "OfxParamPropMax", "OfxParamPropDisplayMin", "OfxParamPropDisplayMax",
      "OfxParamPropIncrement", "OfxParamPropDigits", "OfxParamPropDoubleType",
      "OfxParamPropAnimates", "OfxParamPropCanUndo", "OfxParamPropEnabled", "OfxParamPropSecret",
      "OfxParamPropEvaluateOnChange", "OfxParamPropPersistant", "OfxParamPropStringMode",
      "OfxParamPropStringFilePathExists", "OfxParamPropChoiceOption", "OfxParamPropChoiceEnum",
      "OfxParamPropPageChild",
      "OfxParamPropGroupOpen"}},
};

bool is_missing(const char *name) { return host().habits.missing_properties.count(name) > 0; }

OfxStatus put(void *handle, const char *name, int index, Value value) {
  auto *set = static_cast<Properties *>(handle);
  if (set == nullptr) return kOfxStatErrBadHandle;
  if (is_missing(name)) return kOfxStatErrUnknown;
  std::lock_guard<std::mutex> lock(host().mutex);
  const auto known = SETTABLE.find(set->kind);
  if (known != SETTABLE.end() && known->second.count(name) == 0) {
    host().wrongs.push_back(std::string("set the property ") + name + ", which is not there");
    return kOfxStatErrUnknown;
  }
  auto &values = set->values[name];
  if (index < 0 || static_cast<size_t>(index) > values.size()) {
    host().wrongs.push_back(std::string("set a late index of ") + name);
    return kOfxStatErrBadIndex;
  }
  if (static_cast<size_t>(index) == values.size()) values.push_back(value);
  if (values[static_cast<size_t>(index)].index() != value.index()) {
    host().wrongs.push_back(std::string("set ") + name + " to another type");
    return kOfxStatErrValue;
  }
  values[static_cast<size_t>(index)] = value;
  return kOfxStatOK;
}

template <class T>
OfxStatus take(void *handle, const char *name, int index, T **found) {
  auto *set = static_cast<Properties *>(handle);
  if (set == nullptr) return kOfxStatErrBadHandle;
  if (is_missing(name)) return kOfxStatErrUnknown;
  std::lock_guard<std::mutex> lock(host().mutex);
  const auto at = set->values.find(name);
  if (at == set->values.end()) return kOfxStatErrUnknown;
  if (index < 0 || static_cast<size_t>(index) >= at->second.size()) return kOfxStatErrBadIndex;
  *found = std::get_if<T>(&at->second[static_cast<size_t>(index)]);
  return *found == nullptr ? kOfxStatErrValue : kOfxStatOK;
}

OfxStatus set_pointer(void *s, const char *n, int i, void *v) { return put(s, n, i, v); }
OfxStatus set_double(void *s, const char *n, int i, double v) { return put(s, n, i, v); }
OfxStatus set_int(void *s, const char *n, int i, int v) { return put(s, n, i, v); }
OfxStatus set_string(void *s, const char *n, int i, const char *v) {
  if (v == nullptr) {
    host().complain(std::string("set ") + n + " to NULL");
    return kOfxStatErrValue;
  }
  if (s != nullptr) {
    std::lock_guard<std::mutex> lock(host().mutex);
    static_cast<Properties *>(s)->lent.emplace_back(v, v);
  }
  return put(s, n, i, std::string(v));
}

template <class T>
OfxStatus get(void *set, const char *name, int index, T *value) {
  T *found = nullptr;
  const OfxStatus status = take(set, name, index, &found);
  if (status == kOfxStatOK) *value = *found;
  return status;
}
OfxStatus get_pointer(void *s, const char *n, int i, void **v) { return get(s, n, i, v); }
OfxStatus get_double(void *s, const char *n, int i, double *v) { return get(s, n, i, v); }
OfxStatus get_int(void *s, const char *n, int i, int *v) { return get(s, n, i, v); }
OfxStatus get_string(void *s, const char *n, int i, char **v) {
  std::string *found = nullptr;
  const OfxStatus status = take(s, n, i, &found);
  if (status == kOfxStatOK) *v = found->data();
  return status;
}
OfxStatus dimension(void *s, const char *n, int *count) {
  if (s == nullptr) return kOfxStatErrBadHandle;
  const auto &values = static_cast<Properties *>(s)->values;
  const auto at = values.find(n);
  if (at == values.end()) return kOfxStatErrUnknown;
  *count = static_cast<int>(at->second.size());
  return kOfxStatOK;
}

}  // namespace

const OfxPropertySuiteV1 PROPERTIES = {set_pointer, set_string, set_double, set_int,
                                       nullptr,     nullptr,    nullptr,    nullptr,
                                       get_pointer, get_string, get_double, get_int,
                                       nullptr,     nullptr,    nullptr,    nullptr,
                                       nullptr,     dimension};

std::string Properties::text(const std::string &name) const {
  const auto at = values.find(name);
  return at == values.end() ? "" : std::get<std::string>(at->second.at(0));
}
int Properties::integer(const std::string &name) const {
  const auto at = values.find(name);
  return at == values.end() ? 0 : std::get<int>(at->second.at(0));
}
double Properties::number(const std::string &name) const {
  const auto at = values.find(name);
  return at == values.end() ? 0 : std::get<double>(at->second.at(0));
}

}  // namespace strict
