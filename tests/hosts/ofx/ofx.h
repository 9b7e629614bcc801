/* What the strict host needs of the standard OpenFX 1.5 (ofxCore.h, ofxProperty.h,
 * ofxImageEffect.h, ofxParam.h, ofxMessage.h, ofxProgress.h), declared by hand: its binary
 * interface, which is all that a host and a node share. */
#ifndef IMPASTO_TESTS_OFX_H
#define IMPASTO_TESTS_OFX_H

#include <cstddef>

extern "C" {

typedef int OfxStatus;
typedef double OfxTime;

enum {
  kOfxStatOK = 0,
  kOfxStatFailed = 1,
  kOfxStatErrFatal = 2,
  kOfxStatErrUnknown = 3,
  kOfxStatErrMissingHostFeature = 4,
  kOfxStatErrUnsupported = 5,
  kOfxStatErrExists = 6,
  kOfxStatErrMemory = 8,
  kOfxStatErrBadHandle = 9,
  kOfxStatErrBadIndex = 10,
  kOfxStatErrValue = 11,
  kOfxStatReplyYes = 12,
  kOfxStatReplyNo = 13,
  kOfxStatReplyDefault = 14,
};

struct OfxRectD {
  double x1, y1, x2, y2;
};

struct OfxHost {
  void *host;
  const void *(*fetchSuite)(void *host, const char *name, int version);
};

struct OfxPlugin {
  const char *pluginApi;
  int apiVersion;
  const char *pluginIdentifier;
  unsigned int pluginVersionMajor;
  unsigned int pluginVersionMinor;
  void (*setHost)(OfxHost *host);
  OfxStatus (*mainEntry)(const char *action, const void *handle, void *inArgs, void *outArgs);
};

struct OfxPropertySuiteV1 {
  OfxStatus (*propSetPointer)(void *set, const char *name, int index, void *value);
  OfxStatus (*propSetString)(void *set, const char *name, int index, const char *value);
  OfxStatus (*propSetDouble)(void *set, const char *name, int index, double value);
  OfxStatus (*propSetInt)(void *set, const char *name, int index, int value);
  OfxStatus (*propSetPointerN)(void *set, const char *name, int count, void *const *value);
  OfxStatus (*propSetStringN)(void *set, const char *name, int count, const char *const *value);
  OfxStatus (*propSetDoubleN)(void *set, const char *name, int count, const double *value);
  OfxStatus (*propSetIntN)(void *set, const char *name, int count, const int *value);
  OfxStatus (*propGetPointer)(void *set, const char *name, int index, void **value);
  OfxStatus (*propGetString)(void *set, const char *name, int index, char **value);
  OfxStatus (*propGetDouble)(void *set, const char *name, int index, double *value);
  OfxStatus (*propGetInt)(void *set, const char *name, int index, int *value);
  OfxStatus (*propGetPointerN)(void *set, const char *name, int count, void **value);
  OfxStatus (*propGetStringN)(void *set, const char *name, int count, char **value);
  OfxStatus (*propGetDoubleN)(void *set, const char *name, int count, double *value);
  OfxStatus (*propGetIntN)(void *set, const char *name, int count, int *value);
  OfxStatus (*propReset)(void *set, const char *name);
  OfxStatus (*propGetDimension)(void *set, const char *name, int *count);
};

struct OfxImageEffectSuiteV1 {
  OfxStatus (*getPropertySet)(void *effect, void **set);
  OfxStatus (*getParamSet)(void *effect, void **set);
  OfxStatus (*clipDefine)(void *effect, const char *name, void **set);
  OfxStatus (*clipGetHandle)(void *effect, const char *name, void **clip, void **set);
  OfxStatus (*clipGetPropertySet)(void *clip, void **set);
  OfxStatus (*clipGetImage)(void *clip, OfxTime time, const OfxRectD *region, void **image);
  OfxStatus (*clipReleaseImage)(void *image);
  OfxStatus (*clipGetRegionOfDefinition)(void *clip, OfxTime time, OfxRectD *bounds);
  int (*abort)(void *effect);
  OfxStatus (*imageMemoryAlloc)(void *effect, size_t bytes, void **memory);
  OfxStatus (*imageMemoryFree)(void *memory);
  OfxStatus (*imageMemoryLock)(void *memory, void **pointer);
  OfxStatus (*imageMemoryUnlock)(void *memory);
};

struct OfxParameterSuiteV1 {
  OfxStatus (*paramDefine)(void *set, const char *type, const char *name, void **properties);
  OfxStatus (*paramGetHandle)(void *set, const char *name, void **param, void **properties);
  OfxStatus (*paramSetGetPropertySet)(void *set, void **properties);
  OfxStatus (*paramGetPropertySet)(void *param, void **properties);
  OfxStatus (*paramGetValue)(void *param, ...);
  OfxStatus (*paramGetValueAtTime)(void *param, OfxTime time, ...);
  OfxStatus (*paramGetDerivative)(void *param, OfxTime time, ...);
  OfxStatus (*paramGetIntegral)(void *param, OfxTime from, OfxTime to, ...);
  OfxStatus (*paramSetValue)(void *param, ...);
  OfxStatus (*paramSetValueAtTime)(void *param, OfxTime time, ...);
  void *keysAndEditing[8];
};

struct OfxMessageSuiteV1 {
  OfxStatus (*message)(void *effect, const char *type, const char *id, const char *format, ...);
};

struct OfxMessageSuiteV2 {
  OfxStatus (*message)(void *effect, const char *type, const char *id, const char *format, ...);
  OfxStatus (*setPersistentMessage)(void *effect, const char *type, const char *id,
                                    const char *format, ...);
  OfxStatus (*clearPersistentMessage)(void *effect);
};

struct OfxProgressSuiteV1 {
  OfxStatus (*progressStart)(void *effect, const char *label);
  OfxStatus (*progressUpdate)(void *effect, double progress);
  OfxStatus (*progressEnd)(void *effect);
};

struct OfxProgressSuiteV2 {
  OfxStatus (*progressStart)(void *effect, const char *label, const char *id);
  OfxStatus (*progressUpdate)(void *effect, double progress);
  OfxStatus (*progressEnd)(void *effect);
};

}  // extern "C"

#endif  // IMPASTO_TESTS_OFX_H
