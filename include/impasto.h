/* Impasto: paints one picture in the style of another.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Written by `cargo xtask header` from src/capi; change it there.
 *
 * Conventions:
 * - Objects are opaque. A function that makes one hands it to the caller, who frees it with the
 *   function of the object's name that ends with `_free`; that takes the address of the handle
 *   and sets it to NULL. Freeing NULL is allowed.
 * - Functions return an impasto_status. Outputs are written only on IMPASTO_STATUS_OK. The words
 *   of a failure are in impasto_last_error_message(), for each thread.
 * - Strings are UTF-8 and end with NUL. NULL and "" mean the same wherever a text may be left out:
 *   the default. A text that must be given is not NULL. What a function returns as `const char *`
 *   belongs to the library or to the object it was asked of.
 * - Structs that start with `struct_size` are initialised by their `_init` function, so that a
 *   program that was built with an older header works with a newer library. The size is that of the
 *   struct in some version; what a newer program sets that this library does not know is an error.
 *   Fields called `reserved` are 0.
 * - Every function that takes long takes an impasto_run: what it may take, who hears of it, and what
 *   stops it. NULL stands for all defaults.
 * - Every function may be called from any thread; engines, styles, looks and settings may be shared
 *   by threads, settings while nobody changes them. Freeing an object while another thread uses it
 *   is an error of the program, but for a cancel object, which work in progress keeps for itself.
 * - An engine belongs to the process that made it. In a process that was forked from it, functions
 *   that are given the engine fail with IMPASTO_STATUS_ARGUMENT, and freeing it only forgets it.
 */

#ifndef IMPASTO_H
#define IMPASTO_H

#include <stddef.h>
#include <stdint.h>

/**
 * The major version of the interface that this header describes. A library with another one
 * cannot be used with it.
 */
#define IMPASTO_VERSION_MAJOR 0

/**
 * The minor version: functions are added. While the major version is 0, a library with another
 * minor version cannot be used with this header either.
 */
#define IMPASTO_VERSION_MINOR 2

/**
 * The patch version.
 */
#define IMPASTO_VERSION_PATCH 0

/**
 * What helps against a failure, for hosts that say it in words of their own. The numbers never
 * change; new ones may be added.
 */
typedef enum impasto_cure {
  /**
   * Not known, or the message itself says it.
   */
  IMPASTO_CURE_NONE = 0,
  /**
   * A part of Impasto's installation is missing or damaged: it must be restored.
   */
  IMPASTO_CURE_INSTALLATION = 1,
  /**
   * Another device must be chosen, or the chosen one set up.
   */
  IMPASTO_CURE_DEVICE = 2,
  /**
   * A file is larger than is read: more must be allowed.
   */
  IMPASTO_CURE_LIMIT = 3,
} impasto_cure;

/**
 * What a function returns. The numbers never change; new ones may be added.
 */
typedef enum impasto_status {
  /**
   * Done; the outputs are written.
   */
  IMPASTO_STATUS_OK = 0,
  /**
   * The caller cancelled; nothing was changed.
   */
  IMPASTO_STATUS_CANCELLED = 1,
  /**
   * An argument is NULL, out of range, or contradicts another.
   */
  IMPASTO_STATUS_ARGUMENT = 2,
  /**
   * A picture cannot be read or painted.
   */
  IMPASTO_STATUS_PICTURE = 3,
  /**
   * A style cannot be read or does not fit the network.
   */
  IMPASTO_STATUS_STYLE = 4,
  /**
   * A network is missing or damaged.
   */
  IMPASTO_STATUS_MODEL = 5,
  /**
   * ONNX Runtime is missing, too old, or failed.
   */
  IMPASTO_STATUS_RUNTIME = 6,
  /**
   * The chosen device cannot be used.
   */
  IMPASTO_STATUS_DEVICE = 7,
  /**
   * The memory budget or the machine's memory does not suffice.
   */
  IMPASTO_STATUS_MEMORY = 8,
  /**
   * A file cannot be opened, created or renamed.
   */
  IMPASTO_STATUS_FILE = 9,
  /**
   * A defect in the library; the call had no effect and the library stays usable.
   */
  IMPASTO_STATUS_PANIC = 10,
} impasto_status;

/**
 * How much a log message matters; lower numbers matter more.
 */
typedef enum impasto_log_level {
  /**
   * No messages.
   */
  IMPASTO_LOG_OFF = 0,
  /**
   * Something failed.
   */
  IMPASTO_LOG_ERROR = 1,
  /**
   * Something is not as it should be.
   */
  IMPASTO_LOG_WARNING = 2,
  /**
   * What was chosen.
   */
  IMPASTO_LOG_INFO = 3,
  /**
   * For a closer look.
   */
  IMPASTO_LOG_DEBUG = 4,
} impasto_log_level;

/**
 * Which channels a pixel has, in memory order.
 */
typedef enum impasto_channels {
  /**
   * Red, green, blue, alpha.
   */
  IMPASTO_CHANNELS_RGBA = 0,
  /**
   * Blue, green, red, alpha.
   */
  IMPASTO_CHANNELS_BGRA = 1,
  /**
   * Red, green, blue.
   */
  IMPASTO_CHANNELS_RGB = 2,
  /**
   * Luminance.
   */
  IMPASTO_CHANNELS_GRAY = 3,
  /**
   * Luminance, alpha.
   */
  IMPASTO_CHANNELS_GRAY_ALPHA = 4,
} impasto_channels;

/**
 * The number type of one channel. Integers span 0 to 1; floats may lie outside.
 */
typedef enum impasto_sample {
  /**
   * 8-bit unsigned.
   */
  IMPASTO_SAMPLE_U8 = 0,
  /**
   * 16-bit unsigned.
   */
  IMPASTO_SAMPLE_U16 = 1,
  /**
   * IEEE 754 half precision.
   */
  IMPASTO_SAMPLE_F16 = 2,
  /**
   * IEEE 754 single precision.
   */
  IMPASTO_SAMPLE_F32 = 3,
} impasto_sample;

/**
 * Whether colours are stored multiplied by alpha.
 */
typedef enum impasto_alpha {
  /**
   * Colours are independent of alpha.
   */
  IMPASTO_ALPHA_STRAIGHT = 0,
  /**
   * Colours are multiplied by alpha, as the numbers stand.
   */
  IMPASTO_ALPHA_PREMULTIPLIED = 1,
} impasto_alpha;

/**
 * What the colour numbers mean. The primaries are those of sRGB (Rec. 709).
 */
typedef enum impasto_curve {
  /**
   * Encoded by the curve of sRGB (IEC 61966-2-1).
   */
  IMPASTO_CURVE_SRGB = 0,
  /**
   * Linear light.
   */
  IMPASTO_CURVE_LINEAR = 1,
} impasto_curve;

/**
 * What values a setting has.
 */
typedef enum impasto_setting_type {
  /**
   * Numbers from `least` to `most`.
   */
  IMPASTO_SETTING_FLOAT = 0,
  /**
   * Whole numbers from `least` to `most`.
   */
  IMPASTO_SETTING_INTEGER = 1,
  /**
   * One of `choice_count` words; as a number it is its place, from 0.
   */
  IMPASTO_SETTING_CHOICE = 2,
  /**
   * A text, which has no number.
   */
  IMPASTO_SETTING_TEXT = 3,
} impasto_setting_type;

/**
 * Where hosts offer a setting.
 */
typedef enum impasto_setting_place {
  /**
   * Among the first controls.
   */
  IMPASTO_PLACE_FRONT = 0,
  /**
   * Among controls that few need.
   */
  IMPASTO_PLACE_ADVANCED = 1,
  /**
   * In programs that paint one picture after another: it names files, or what becomes of long
   * work. Editors that hold the picture themselves leave it out.
   */
  IMPASTO_PLACE_PROGRAMS = 2,
} impasto_setting_place;

/**
 * A request to stop. It may be used from any thread at any time, also while a painting that was
 * given it (in its run) goes on; one may stop several paintings. Once requested it stays requested.
 */
typedef struct impasto_cancel impasto_cancel;

/**
 * A list of devices, as it was when it was made.
 */
typedef struct impasto_device_list impasto_device_list;

/**
 * Networks and a device. It may be used from several threads at once; paintings then share the
 * processor. One engine for a process is enough.
 */
typedef struct impasto_engine impasto_engine;

/**
 * What a painting of the fast method takes from the whole of its picture. Every picture has its
 * own, found anew at each painting; frames of a shot that are painted in one do not pump. It never
 * changes, may be used from several threads at once, and does not depend on the engine that made
 * it.
 */
typedef struct impasto_look impasto_look;

/**
 * How to paint: a value for each of `impasto_setting_at`. It may be used by several threads while
 * nobody changes it.
 */
typedef struct impasto_settings impasto_settings;

/**
 * A style: what a painting is painted in. It never changes, may be used from several threads at
 * once, and does not depend on the engine that made it.
 */
typedef struct impasto_style impasto_style;

/**
 * A list of styles, as it was when it was made.
 */
typedef struct impasto_style_list impasto_style_list;

/**
 * Receives a log message, on a thread that called the library: before its function returns, and
 * before progress is told. Several threads may call it at once. It may call any function of this
 * library; what those have to log is not told.
 *
 * @param user_data what `impasto_log_set` was given
 * @param level an `impasto_log_level`
 * @param message UTF-8; valid during the call only
 */
typedef void (*impasto_log_callback)(void *user_data, int32_t level, const char *message);

/**
 * Where things are and what may be used. Initialise it with `impasto_engine_options_init`. The
 * strings are copied by `impasto_engine_new`; NULL or empty means the default.
 */
typedef struct impasto_engine_options {
  /**
   * The size of this struct in the caller's version.
   */
  size_t struct_size;
  /**
   * ONNX Runtime's library; by default the one named by the environment variable
   * `IMPASTO_ONNXRUNTIME`, the one beside this library, or the system's. A process has one:
   * the first that an engine loads stays, and later engines use it whatever they name.
   */
  const char *runtime_path;
  /**
   * The folder of the networks; by default the one named by the environment variable
   * `IMPASTO_MODELS`, or the one beside this library.
   */
  const char *models_path;
  /**
   * The folder that keeps the codes of style pictures; by default in the user's cache folder.
   */
  const char *cache_path;
  /**
   * The folder of the user's own styles; by default in the user's data folder.
   */
  const char *user_styles_path;
  /**
   * The folder of feature networks that the user imported, for the optimise method; by default
   * in the user's data folder.
   */
  const char *user_networks_path;
  /**
   * "auto" (the default), "cpu", "cuda", "cuda:1", "directml", "directml:1", "openvino",
   * "cuda:fp16", "cuda:1:fp16", "openvino:bf16" (faster where the processor has instructions
   * for it; all three a little different), or the path of a plug-in provider for ONNX Runtime,
   * with a slash.
   */
  const char *device;
  /**
   * Bytes that a painting should take besides the pictures it is given; 0 for a quarter of the
   * memory that is free. Below about 200 MB the smallest tiles are used and may take more.
   */
  uint64_t memory_budget;
  /**
   * Threads; 0 for one for each core, and never more than that.
   */
  uint32_t threads;
  /**
   * 0.
   */
  uint32_t reserved;
} impasto_engine_options;

/**
 * Interleaved pixels in the host's memory. Initialise it with `impasto_pixels_init`.
 *
 * The first row is the picture's top. For pixels that lie bottom-up, `data` points to the top
 * row, which is last in memory, and `row_stride` is negative. Data need not be aligned.
 */
typedef struct impasto_pixels {
  /**
   * The size of this struct in the caller's version.
   */
  size_t struct_size;
  /**
   * The first pixel of the top row. It belongs to the caller.
   */
  void *data;
  /**
   * Columns, 1 to 30000.
   */
  uint32_t width;
  /**
   * Rows, 1 to 30000.
   */
  uint32_t height;
  /**
   * Bytes from one row to the next; 0 for rows without a gap.
   */
  ptrdiff_t row_stride;
  /**
   * An `impasto_channels`.
   */
  int32_t channels;
  /**
   * An `impasto_sample`.
   */
  int32_t sample;
  /**
   * An `impasto_alpha`.
   */
  int32_t alpha;
  /**
   * An `impasto_curve`.
   */
  int32_t curve;
} impasto_pixels;

/**
 * What an optimisation minimises. All are relative, so they can be compared between styles and
 * sizes.
 */
typedef struct impasto_losses {
  /**
   * Squared difference of content features over the square of the photograph's.
   */
  float content;
  /**
   * Squared difference of Gram matrices over the square of the style's.
   */
  float style;
  /**
   * Mean squared difference of neighbouring pixels.
   */
  float variation;
  /**
   * The sum by weight, which is minimised.
   */
  float total;
} impasto_losses;

/**
 * How far work has come. It grows at its end; what `struct_size` does not reach is not there.
 */
typedef struct impasto_progress {
  /**
   * The size of this struct in the library's version.
   */
  size_t struct_size;
  /**
   * What is being done, for people: "Painting". Static.
   */
  const char *phase;
  /**
   * The part that is done, 0 to 1.
   */
  float fraction;
  /**
   * 0.
   */
  float reserved;
  /**
   * Seconds that the rest will take; below 0 where that cannot be told.
   */
  double remaining_seconds;
  /**
   * What an optimisation has come to; NULL otherwise, and before its first step. Valid during
   * the call.
   */
  const struct impasto_losses *losses;
} impasto_progress;

/**
 * Hears of progress, on the thread that called the library: at the start, after each part of the
 * work, and at the end. It may call any function of this library but must not free what the work
 * uses.
 *
 * @param user_data what the run holds
 * @param progress valid during the call
 * @return 0 to go on, anything else to cancel
 */
typedef int32_t (*impasto_progress_callback)(void *user_data,
                                             const struct impasto_progress *progress);

/**
 * The picture that an optimisation has come to. It grows at its end; what `struct_size` does not
 * reach is not there.
 */
typedef struct impasto_preview {
  /**
   * The size of this struct in the library's version.
   */
  size_t struct_size;
  /**
   * 32-bit float RGB of encoded sRGB, at the size that is worked on, which grows from coarse to
   * fine. Only to be read; valid during the call.
   */
  const struct impasto_pixels *pixels;
  /**
   * Steps done at all sizes.
   */
  uint32_t step;
  /**
   * Steps of all sizes.
   */
  uint32_t steps;
  /**
   * What the losses are.
   */
  struct impasto_losses losses;
} impasto_preview;

/**
 * Sees the picture that an optimisation has come to, on the thread that called the library.
 *
 * @param user_data what the run holds
 * @param preview valid during the call
 */
typedef void (*impasto_preview_callback)(void *user_data, const struct impasto_preview *preview);

/**
 * What a function that takes long may take, who hears of it, and what stops it. Initialise it with
 * `impasto_run_init`. Each function says which fields it uses; it takes no notice of others.
 */
typedef struct impasto_run {
  /**
   * The size of this struct in the caller's version.
   */
  size_t struct_size;
  /**
   * Bytes that the work should take besides its pictures; 0 for the engine's.
   */
  uint64_t memory_budget;
  /**
   * Stops the work from another thread; may be NULL.
   */
  const struct impasto_cancel *cancel;
  /**
   * The look to paint in, of this or another picture; NULL for the picture's own. The fast
   * method has it.
   */
  const struct impasto_look *look;
  /**
   * What an optimisation starts from, of any size, which is scaled to fit; NULL for what the
   * setting "start" says.
   */
  const struct impasto_pixels *start;
  /**
   * How wide the picture is in comparison to the one that it stands for: 0.5 for a proxy of
   * half the size, which then gets strokes of half the size. 0.01 to 100. The optimise method
   * takes no notice.
   */
  float scale_x;
  /**
   * As `scale_x`, of the height.
   */
  float scale_y;
  /**
   * Hears of progress; may be NULL.
   */
  impasto_progress_callback progress;
  /**
   * Handed to `progress`.
   */
  void *progress_user_data;
  /**
   * Sees the picture of an optimisation on its way; may be NULL.
   */
  impasto_preview_callback preview;
  /**
   * Handed to `preview`.
   */
  void *preview_user_data;
  /**
   * Steps from one preview to the next; 0 counts as 1.
   */
  uint32_t preview_every;
  /**
   * 1 for a draft: without the finest layer of paint where its canvas is large, and on a canvas
   * no larger than the picture. It takes about a quarter of the time. A look is that of the
   * whole painting. The optimise method takes no notice. 0 otherwise.
   */
  uint32_t draft;
} impasto_run;

/**
 * A setting. All strings are static UTF-8. It grows at its end, so it is not to be copied.
 */
typedef struct impasto_setting {
  /**
   * What programs call it: "brush-size".
   */
  const char *name;
  /**
   * What a control is labelled with: "Brush size".
   */
  const char *label;
  /**
   * One or two sentences for people.
   */
  const char *help;
  /**
   * What its numbers count: "pixels"; empty for bare numbers and words.
   */
  const char *unit;
  /**
   * An `impasto_setting_type`.
   */
  int32_t type;
  /**
   * An `impasto_setting_place`.
   */
  int32_t place;
  /**
   * Least value; 0 for texts.
   */
  double least;
  /**
   * Greatest value; 0 for texts.
   */
  double most;
  /**
   * Value when not set; of a choice its place; 0 for texts.
   */
  double default_value;
  /**
   * A useful change at a press of an arrow key; 0 for texts.
   */
  double step;
  /**
   * What 0 stands for, where it lies outside `least` to `most` and may be set, too: "follows
   * the picture"; else NULL.
   */
  const char *zero;
  /**
   * The default as a text.
   */
  const char *default_text;
  /**
   * How a text is written: "SIDE:STEPS,..."; NULL for others.
   */
  const char *form;
  /**
   * What an empty text stands for, where that is the default: "follows the preset"; else NULL.
   */
  const char *empty;
  /**
   * What programs call each choice; NULL for others.
   */
  const char *const *choice_names;
  /**
   * What a control shows for each choice; NULL for others.
   */
  const char *const *choice_labels;
  /**
   * How many choices there are; 0 for others.
   */
  uint32_t choice_count;
  /**
   * Which methods have it: the sum of 1 for fast, 2 for optimise and 4 for studio.
   */
  uint32_t methods;
} impasto_setting;

/**
 * What a painting took. Initialise it with `impasto_report_init`.
 */
typedef struct impasto_report {
  /**
   * The size of this struct in the caller's version.
   */
  size_t struct_size;
  /**
   * The device that really did the work: "cpu"; of a plug-in provider the library's file name.
   * Ends with NUL; what is too long is cut.
   */
  char device[32];
  /**
   * Seconds in all.
   */
  double seconds;
  /**
   * Seconds for the statistics of the picture.
   */
  double statistics_seconds;
  /**
   * Seconds in the network that paints.
   */
  double network_seconds;
  /**
   * The most memory that the process has held so far, in bytes; 0 where unknown.
   */
  uint64_t peak_bytes;
  /**
   * How many tiles were painted.
   */
  uint32_t tiles;
  /**
   * How often tiles had to be made smaller, or the CPU taken, for want of memory.
   */
  uint32_t retries;
  /**
   * Optimise: steps that were taken.
   */
  uint32_t steps;
  /**
   * Optimise: 1 if a request to stop ended it early.
   */
  int32_t stopped;
  /**
   * Optimise: the content loss of the last step; 0 otherwise.
   */
  float content_loss;
  /**
   * Optimise: the style loss of the last step; 0 otherwise.
   */
  float style_loss;
  /**
   * What the user should know, for people: another device than the best was taken and why,
   * memory was short. Empty in the usual case. Ends with NUL; what is too long is cut.
   */
  char note[512];
  /**
   * All that is known of the painting, each size of an optimisation included, as JSON. It
   * belongs to the library and is valid until the next painting on the same thread.
   */
  const char *json;
} impasto_report;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the loaded library: major * 1000000 + minor * 1000 + patch.
 */
uint32_t impasto_version_number(void);

/**
 * The version of the loaded library for people: "1.2.3". The string is static.
 */
const char *impasto_version(void);

/**
 * A word for a status, for logs: "cancelled". Any number is allowed. The string is static.
 */
const char *impasto_status_name(int32_t status);

/**
 * The words of the last function that failed on the calling thread: one line of UTF-8 that
 * starts with what was tried and, where there is one, ends with the cure. Empty before the first
 * failure; never NULL. The string belongs to the library and is valid until the next function
 * fails on this thread.
 */
const char *impasto_last_error_message(void);

/**
 * The same words without the cure that `impasto_last_error_cure` tells, for hosts that have words
 * of their own for it. Where it tells none, the whole message.
 */
const char *impasto_last_error_failure(void);

/**
 * What helps against the last failure on the calling thread.
 */
enum impasto_cure impasto_last_error_cure(void);

/**
 * Names who hears what the library has to log, in place of who did; the process has one. When
 * this returns, no other thread is in the former callback any more, and its data may be freed. A
 * callback may call this itself; it does not wait for itself.
 *
 * @param callback NULL for nobody
 * @param level the least that matters to it: an `impasto_log_level`
 * @param user_data handed to the callback
 *
 * The caller guarantees:
 * Any thread may call `callback` with `user_data`, until another one is named.
 */
void impasto_log_set(impasto_log_callback callback, int32_t level, void *user_data);

/**
 * Makes a request that is not made yet. Free it with `impasto_cancel_free`.
 *
 * @param cancel receives the new object
 * @return `ARGUMENT` for NULL
 *
 * The caller guarantees:
 * `cancel` is NULL or points to writable room for a pointer.
 */
enum impasto_status impasto_cancel_new(struct impasto_cancel **cancel);

/**
 * Asks the work that was given this object to stop. It ends within about a third of a second with
 * `IMPASTO_STATUS_CANCELLED`, or where the setting "on-cancel" says so with the painting as it
 * stands; this function returns at once.
 *
 * @param cancel not NULL
 * @return `ARGUMENT` for NULL
 *
 * The caller guarantees:
 * `cancel` is NULL or an object of `impasto_cancel_new` that was not freed.
 */
enum impasto_status impasto_cancel_request(const struct impasto_cancel *cancel);

/**
 * Frees the object and sets the handle to NULL. Work that was given it goes on and can no longer
 * be stopped through it. NULL and a handle of NULL are allowed.
 *
 * @param cancel the address of the handle
 *
 * The caller guarantees:
 * `cancel` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_cancel_free(struct impasto_cancel **cancel);

/**
 * Fills in the defaults.
 *
 * @param options receives the defaults
 * @param struct_size `sizeof(impasto_engine_options)`
 * @return `ARGUMENT` for NULL or a size that no version of the struct has
 *
 * The caller guarantees:
 * `options` is NULL or has room for `struct_size` bytes.
 */
enum impasto_status impasto_engine_options_init(struct impasto_engine_options *options,
                                                size_t struct_size);

/**
 * Makes an engine. It only takes note of the options: ONNX Runtime and the networks are loaded
 * when they are first needed. Free it with `impasto_engine_free`.
 *
 * @param options NULL for all defaults
 * @param engine receives the new engine
 * @return `ARGUMENT` for options that cannot be understood
 *
 * The caller guarantees:
 * `options` is NULL or was initialised; its strings end with NUL. `engine` is NULL or points to
 * writable room for a pointer.
 */
enum impasto_status impasto_engine_new(const struct impasto_engine_options *options,
                                       struct impasto_engine **engine);

/**
 * Loads everything that painting with the fast method needs, so that the first painting is as
 * quick as the next.
 *
 * @param engine not NULL
 * @return `RUNTIME`, `MODEL`, `DEVICE` where something cannot be loaded
 *
 * The caller guarantees:
 * `engine` is NULL or an engine that was not freed.
 */
enum impasto_status impasto_engine_prepare(const struct impasto_engine *engine);

/**
 * Frees the engine and sets the handle to NULL. No other thread may be using the engine. Styles
 * made with it stay valid. ONNX Runtime stays loaded. NULL and a handle of NULL are allowed. In a
 * process that was forked from the engine's own this only sets the handle to NULL.
 *
 * @param engine the address of the handle
 *
 * The caller guarantees:
 * `engine` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_engine_free(struct impasto_engine **engine);

/**
 * Lists every kind of device. Loads ONNX Runtime.
 *
 * @param engine not NULL
 * @param devices receives the list; free it with `impasto_device_list_free`
 * @return `RUNTIME` where ONNX Runtime cannot be loaded
 *
 * The caller guarantees:
 * `engine` is NULL or not freed; `devices` is NULL or points to writable room for a pointer.
 */
enum impasto_status impasto_engine_devices(const struct impasto_engine *engine,
                                           struct impasto_device_list **devices);

/**
 * The number of devices in the list; 0 for NULL.
 *
 * The caller guarantees:
 * `devices` is NULL or not freed.
 */
size_t impasto_device_list_count(const struct impasto_device_list *devices);

/**
 * The name of a device as `impasto_engine_options` takes it: "cuda:0". NULL beyond the end.
 * The string belongs to the list.
 *
 * The caller guarantees:
 * `devices` is NULL or not freed.
 */
const char *impasto_device_list_name(const struct impasto_device_list *devices, size_t index);

/**
 * Why a device cannot be used, for people; NULL where it can, and beyond the end. The string
 * belongs to the list.
 *
 * The caller guarantees:
 * `devices` is NULL or not freed.
 */
const char *impasto_device_list_reason(const struct impasto_device_list *devices, size_t index);

/**
 * Frees the list and sets the handle to NULL. NULL and a handle of NULL are allowed.
 *
 * The caller guarantees:
 * `devices` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_device_list_free(struct impasto_device_list **devices);

/**
 * Fills in the defaults: no data, RGBA, 8 bits, straight alpha, sRGB, rows without a gap.
 *
 * @param pixels receives the defaults
 * @param struct_size `sizeof(impasto_pixels)`
 * @return `ARGUMENT` for NULL or a size that no version of the struct has
 *
 * The caller guarantees:
 * `pixels` is NULL or has room for `struct_size` bytes.
 */
enum impasto_status impasto_pixels_init(struct impasto_pixels *pixels, size_t struct_size);

/**
 * Fills in the defaults.
 *
 * @param run receives the defaults
 * @param struct_size `sizeof(impasto_run)`
 * @return `ARGUMENT` for NULL or a size that no version of the struct has
 *
 * The caller guarantees:
 * `run` is NULL or has room for `struct_size` bytes.
 */
enum impasto_status impasto_run_init(struct impasto_run *run, size_t struct_size);

/**
 * The style called `name`: one of the user's own, or a shipped one.
 *
 * @param engine not NULL
 * @param name such as "great-wave"; see `impasto_engine_styles`
 * @param style receives the style; free it with `impasto_style_free`
 * @return `STYLE` where there is none of that name
 *
 * The caller guarantees:
 * `engine` is NULL or not freed; `name` is NULL or ends with NUL; `style` is NULL or points to
 * writable room for a pointer.
 */
enum impasto_status impasto_style_from_name(const struct impasto_engine *engine,
                                            const char *name,
                                            struct impasto_style **style);

/**
 * The style of a picture file (PNG, JPEG, TIFF, WebP, OpenEXR), whose code is kept in the cache
 * folder, or one saved as `.toml`, which the optimise method takes if its statistics lie beside it
 * as `.safetensors`.
 *
 * @param engine not NULL
 * @param path the file
 * @param run NULL for all defaults; `cancel` and `progress` are used
 * @param style receives the style; free it with `impasto_style_free`
 * @return `PICTURE`, `FILE`, `STYLE` for a file that cannot be used
 *
 * The caller guarantees:
 * `engine` is NULL or not freed; `path` is NULL or ends with NUL; the run is NULL or was
 * initialised, callbacks may be called; `style` is NULL or points to writable room for a pointer.
 */
enum impasto_status impasto_style_from_file(const struct impasto_engine *engine,
                                            const char *path,
                                            const struct impasto_run *run,
                                            struct impasto_style **style);

/**
 * The style of a picture in memory.
 *
 * @param engine not NULL
 * @param pixels the picture; it is only read
 * @param name what the style is called; NULL or empty for "picture"
 * @param run NULL for all defaults; `cancel` and `progress` are used, and `scale_x` and `scale_y`
 *        where pixels are not square: 0.5 and 1 for those that are shown twice as wide as high
 * @param style receives the style; free it with `impasto_style_free`
 * @return `ARGUMENT` for pixels that are described wrongly
 *
 * The caller guarantees:
 * `engine` is NULL or not freed; `pixels` is NULL or was initialised and describes memory that can
 * be read and that nobody writes during the call; `name` is NULL or ends with NUL; the run is NULL
 * or was initialised, callbacks may be called; `style` is NULL or points to writable room for a
 * pointer.
 */
enum impasto_status impasto_style_from_pixels(const struct impasto_engine *engine,
                                              const struct impasto_pixels *pixels,
                                              const char *name,
                                              const struct impasto_run *run,
                                              struct impasto_style **style);

/**
 * Several styles in one: the mean of their codes by weight. Weights need not sum to 1.
 *
 * @param styles `count` styles
 * @param weights `count` weights, 0 or more, at least one above 0
 * @param count at least 1
 * @param style receives the new style; free it with `impasto_style_free`
 * @return `ARGUMENT` for wrong weights, `STYLE` for styles of different networks
 *
 * The caller guarantees:
 * `styles` and `weights` are NULL or have `count` entries; no style was freed; `style` is NULL or
 * points to writable room for a pointer.
 */
enum impasto_status impasto_style_mix(const struct impasto_style *const *styles,
                                      const float *weights,
                                      size_t count,
                                      struct impasto_style **style);

/**
 * The same style for a part of the painting, or of a part of its picture. The optimise method
 * takes masked styles only where their masks are white, and looks only at their regions; the fast
 * method takes no notice. Mix such styles to give each part of a painting a style of its own.
 *
 * @param style not NULL
 * @param mask where the painting takes the style, of any size; NULL for everywhere
 * @param region which part of the style's picture counts, of any size; NULL for all of it
 * @param masked receives the new style; free it with `impasto_style_free`
 * @return `STYLE` for a style that is a code alone, and for a region of one without its picture;
 *         `ARGUMENT` for wrong pixels
 *
 * The caller guarantees:
 * `style` is NULL or not freed; `mask` and `region` are NULL or were initialised, and describe
 * memory that can be read and that nobody writes during the call; `masked` is NULL or points to
 * writable room for a pointer.
 */
enum impasto_status impasto_style_masked(const struct impasto_style *style,
                                         const struct impasto_pixels *mask,
                                         const struct impasto_pixels *region,
                                         struct impasto_style **masked);

/**
 * A style that was saved. It is a code alone, for the fast method.
 *
 * @param bytes what `impasto_style_bytes` returned
 * @param length how many bytes
 * @param style receives the style; free it with `impasto_style_free`
 * @return `STYLE` for bytes that are no style
 *
 * The caller guarantees:
 * `bytes` is NULL or points to `length` bytes; `style` is NULL or points to
 * writable room for a pointer.
 */
enum impasto_status impasto_style_from_bytes(const uint8_t *bytes,
                                             size_t length,
                                             struct impasto_style **style);

/**
 * The style as bytes, to save it (a small TOML file).
 *
 * @param style not NULL
 * @param bytes receives the address of the bytes, which belong to the style
 * @param length receives how many
 * @return `ARGUMENT` for NULL
 *
 * The caller guarantees:
 * `style` is NULL or not freed; `bytes` and `length` are NULL or writable.
 */
enum impasto_status impasto_style_bytes(const struct impasto_style *style,
                                        const uint8_t **bytes,
                                        size_t *length);

/**
 * What the style is called; NULL for NULL. The string belongs to the style.
 *
 * The caller guarantees:
 * `style` is NULL or not freed.
 */
const char *impasto_style_name(const struct impasto_style *style);

/**
 * Frees the style and sets the handle to NULL. NULL and a handle of NULL are allowed.
 *
 * @param style the address of the handle
 *
 * The caller guarantees:
 * `style` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_style_free(struct impasto_style **style);

/**
 * Lists the shipped styles and the user's own. Loads neither ONNX Runtime nor a network.
 *
 * @param engine not NULL
 * @param styles receives the list; free it with `impasto_style_list_free`
 * @return `MODEL` where the shipped ones cannot be found
 *
 * The caller guarantees:
 * `engine` is NULL or not freed; `styles` is NULL or points to writable room for a pointer.
 */
enum impasto_status impasto_engine_styles(const struct impasto_engine *engine,
                                          struct impasto_style_list **styles);

/**
 * The number of styles in the list; 0 for NULL.
 *
 * The caller guarantees:
 * `styles` is NULL or not freed.
 */
size_t impasto_style_list_count(const struct impasto_style_list *styles);

/**
 * The name of a style, for `impasto_style_from_name`; NULL beyond the end. The string belongs
 * to the list.
 *
 * The caller guarantees:
 * `styles` is NULL or not freed.
 */
const char *impasto_style_list_name(const struct impasto_style_list *styles, size_t index);

/**
 * The title of a style's picture; may be empty; NULL beyond the end. The string belongs to the
 * list.
 *
 * The caller guarantees:
 * `styles` is NULL or not freed.
 */
const char *impasto_style_list_title(const struct impasto_style_list *styles, size_t index);

/**
 * Who painted a style's picture; may be empty; NULL beyond the end. The string belongs to the
 * list.
 *
 * The caller guarantees:
 * `styles` is NULL or not freed.
 */
const char *impasto_style_list_painter(const struct impasto_style_list *styles, size_t index);

/**
 * When a style's picture was painted; may be empty; NULL beyond the end. The string belongs to
 * the list.
 *
 * The caller guarantees:
 * `styles` is NULL or not freed.
 */
const char *impasto_style_list_year(const struct impasto_style_list *styles, size_t index);

/**
 * The PNG file of a style's thumbnail; NULL where there is none, and beyond the end. The string
 * belongs to the list.
 *
 * The caller guarantees:
 * `styles` is NULL or not freed.
 */
const char *impasto_style_list_thumbnail(const struct impasto_style_list *styles, size_t index);

/**
 * Frees the list and sets the handle to NULL. NULL and a handle of NULL are allowed.
 *
 * The caller guarantees:
 * `styles` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_style_list_free(struct impasto_style_list **styles);

/**
 * The number of settings. Loads nothing.
 */
size_t impasto_setting_count(void);

/**
 * A setting, in the order in which controls should stand; NULL beyond the end. It is static. Loads
 * nothing.
 */
const struct impasto_setting *impasto_setting_at(size_t index);

/**
 * The setting called `name`; NULL where there is none. It is static. Loads nothing.
 *
 * The caller guarantees:
 * `name` is NULL or ends with NUL.
 */
const struct impasto_setting *impasto_setting_find(const char *name);

/**
 * All defaults. Free them with `impasto_settings_free`.
 *
 * @param settings receives the new object
 * @return `ARGUMENT` for NULL
 *
 * The caller guarantees:
 * `settings` is NULL or points to writable room for a pointer.
 */
enum impasto_status impasto_settings_new(struct impasto_settings **settings);

/**
 * The same values once more. Free them with `impasto_settings_free`.
 *
 * @param settings not NULL
 * @param copy receives the new object
 * @return `ARGUMENT` for NULL
 *
 * The caller guarantees:
 * `settings` is NULL or not freed, and nobody changes it in this moment; `copy` is NULL or points
 * to writable room for a pointer.
 */
enum impasto_status impasto_settings_copy(const struct impasto_settings *settings,
                                          struct impasto_settings **copy);

/**
 * Sets a number, or a choice by its place, so that a host can offer controls for all of
 * `impasto_setting_at` without knowing them.
 *
 * @param settings not NULL
 * @param name the setting's name, such as "brush-size"
 * @param value the number; for a choice its place in the list
 * @return `ARGUMENT` for an unknown name, a text, or a value outside the range
 *
 * The caller guarantees:
 * `settings` is NULL or not freed, and no other thread uses it in this moment; `name` is NULL or
 * ends with NUL.
 */
enum impasto_status impasto_settings_set_number(struct impasto_settings *settings,
                                                const char *name,
                                                double value);

/**
 * Sets a choice by its name.
 *
 * @param settings not NULL
 * @param name the setting's name, such as "keep-color"
 * @param choice one of the setting's `choice_names`
 * @return `ARGUMENT` for an unknown name, a setting that is no choice, or a word that is none of
 *         its choices
 *
 * The caller guarantees:
 * `settings` is NULL or not freed, and no other thread uses it in this moment; `name` and `choice`
 * are NULL or end with NUL.
 */
enum impasto_status impasto_settings_set_choice(struct impasto_settings *settings,
                                                const char *name,
                                                const char *choice);

/**
 * Sets any setting to what a text stands for: a number, the name of a choice, the text itself.
 *
 * @param settings not NULL
 * @param name the setting's name, such as "schedule"
 * @param text NULL or empty for the default
 * @return `ARGUMENT` for an unknown name or a text that is no value of the setting
 *
 * The caller guarantees:
 * `settings` is NULL or not freed, and no other thread uses it in this moment; `name` and `text`
 * are NULL or end with NUL.
 */
enum impasto_status impasto_settings_set_text(struct impasto_settings *settings,
                                              const char *name,
                                              const char *text);

/**
 * The value of a number; of a choice its place.
 *
 * @param settings not NULL
 * @param name the setting's name
 * @param value receives the number
 * @return `ARGUMENT` for an unknown name or a text
 *
 * The caller guarantees:
 * `settings` is NULL or not freed, and nobody changes it in this moment; `name` is NULL or ends
 * with NUL; `value` is NULL or writable.
 */
enum impasto_status impasto_settings_number(const struct impasto_settings *settings,
                                            const char *name,
                                            double *value);

/**
 * The value of any setting as a text, which `impasto_settings_set_text` takes.
 *
 * @param settings not NULL
 * @param name the setting's name
 * @param text receives the text, which belongs to the settings and is valid until they are changed
 *             or freed
 * @return `ARGUMENT` for an unknown name
 *
 * The caller guarantees:
 * `settings` is NULL or not freed, and nobody changes it in this moment; `name` is NULL or ends
 * with NUL; `text` is NULL or writable.
 */
enum impasto_status impasto_settings_text(const struct impasto_settings *settings,
                                          const char *name,
                                          const char **text);

/**
 * Frees the settings and sets the handle to NULL. NULL and a handle of NULL are allowed.
 *
 * @param settings the address of the handle
 *
 * The caller guarantees:
 * `settings` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_settings_free(struct impasto_settings **settings);

/**
 * Finds the look that `impasto_engine_paint` would give to a picture, in a fraction of the time.
 *
 * @param engine not NULL
 * @param style not NULL
 * @param settings NULL for all defaults; those of the fast method are used
 * @param run NULL for all defaults; `cancel`, `scale_x`, `scale_y` and `progress` are used
 * @param pixels the picture; it is only read
 * @param look receives the look; free it with `impasto_look_free`
 * @return as `impasto_engine_paint`
 *
 * The caller guarantees:
 * Objects are NULL or not freed, settings not changed; the run and pixels are NULL or were
 * initialised, callbacks may be called; `pixels` describe memory that can be read and that nobody
 * writes during the call; `look` is NULL or points to writable room for a pointer.
 */
enum impasto_status impasto_look_from_pixels(const struct impasto_engine *engine,
                                             const struct impasto_style *style,
                                             const struct impasto_settings *settings,
                                             const struct impasto_run *run,
                                             const struct impasto_pixels *pixels,
                                             struct impasto_look **look);

/**
 * As `impasto_look_from_pixels`, of a picture file; or reads a look that `impasto look` wrote to a
 * file whose name ends in `.look`.
 *
 * @param engine not NULL
 * @param style not NULL
 * @param settings NULL for all defaults; those of the fast method are used
 * @param run NULL for all defaults; `cancel` and `progress` are used
 * @param path the file
 * @param look receives the look; free it with `impasto_look_free`
 * @return as `impasto_engine_paint`; `PICTURE` and `FILE` for a file that cannot be used
 *
 * The caller guarantees:
 * Objects are NULL or not freed, settings not changed; the run is NULL or was initialised,
 * callbacks may be called; `path` is NULL or ends with NUL; `look` is NULL or points to writable
 * room for a pointer.
 */
enum impasto_status impasto_look_from_file(const struct impasto_engine *engine,
                                           const struct impasto_style *style,
                                           const struct impasto_settings *settings,
                                           const struct impasto_run *run,
                                           const char *path,
                                           struct impasto_look **look);

/**
 * The mean of several looks by weight, such as those of neighbouring frames. Weights need not sum
 * to 1.
 *
 * @param looks `count` looks
 * @param weights `count` weights, 0 or more, at least one above 0
 * @param count at least 1
 * @param look receives the new look; free it with `impasto_look_free`
 * @return `ARGUMENT` for wrong weights and for looks of different networks
 *
 * The caller guarantees:
 * `looks` and `weights` are NULL or have `count` entries; no look was freed; `look` is NULL or
 * points to writable room for a pointer.
 */
enum impasto_status impasto_look_mix(const struct impasto_look *const *looks,
                                     const float *weights,
                                     size_t count,
                                     struct impasto_look **look);

/**
 * Frees the look and sets the handle to NULL. NULL and a handle of NULL are allowed.
 *
 * @param look the address of the handle
 *
 * The caller guarantees:
 * `look` is NULL or points to a handle that no other thread uses in this moment.
 */
void impasto_look_free(struct impasto_look **look);

/**
 * Fills a report with zeros and its size.
 *
 * @param report receives the zeros
 * @param struct_size `sizeof(impasto_report)`
 * @return `ARGUMENT` for NULL or a size that no version of the struct has
 *
 * The caller guarantees:
 * `report` is NULL or has room for `struct_size` bytes.
 */
enum impasto_status impasto_report_init(struct impasto_report *report, size_t struct_size);

/**
 * Paints a picture in a style, with the method that the settings name.
 *
 * Input and output may be the same buffer or overlap: the output is written when the painting
 * is complete, and left as it was on every failure. Several threads may paint parts of one image
 * at once: only pixels are read and written, never what lies between rows. Colours under an alpha
 * of 0 stay as they are; alpha is kept; an output without alpha gets the colours alone. Values
 * that the network cannot see (light above 1) are carried over unchanged.
 *
 * @param engine not NULL
 * @param style not NULL
 * @param settings NULL for all defaults
 * @param run NULL for all defaults; all of it is used
 * @param input the picture; it is only read
 * @param mask the painting covers the picture where this is white; of the picture's size; NULL
 *             for everywhere
 * @param output receives the painting; of the picture's size and curve; its channels, number
 *               type, alpha mode and stride may differ
 * @param report receives what it took; may be NULL
 * @return `CANCELLED` when the callback or the cancel object asked for it, unless the setting
 *         "on-cancel" keeps the painting as it stands; then the report says so
 *
 * The caller guarantees:
 * Objects are NULL or not freed, settings not changed; the run, pixels and report are NULL or were
 * initialised, callbacks may be called; pixels describe memory that can be read, that of `output`
 * written, and that nobody else writes during the call.
 */
enum impasto_status impasto_engine_paint(const struct impasto_engine *engine,
                                         const struct impasto_style *style,
                                         const struct impasto_settings *settings,
                                         const struct impasto_run *run,
                                         const struct impasto_pixels *input,
                                         const struct impasto_pixels *mask,
                                         const struct impasto_pixels *output,
                                         struct impasto_report *report);

/**
 * Steadies the painting of a frame by the paintings of the frames around it. Noise makes other
 * strokes in every frame; this moves the neighbours' paintings along the motion of the shot and
 * takes the mean, where the motion explains the picture. What appears or disappears keeps its own
 * painting, and so does all of a frame next to a cut. Paint all frames in one look.
 *
 * Of a neighbour no more is asked than that it exists: one of another size than the frame, or of
 * another shot, counts nothing. The result depends on nothing but what is given here. Alpha is
 * that of the painting. What no neighbour changes is copied bit by bit where the formats are
 * equal.
 *
 * Output and painting may be the same buffer or overlap: the output is written when all is done,
 * and left as it was on every failure. Needs neither ONNX Runtime nor a network, and besides the
 * output 32 bytes for each pixel and less than 100 MB for the motion.
 *
 * @param engine not NULL; its threads are used
 * @param picture the frame; it is only read
 * @param painting the frame's painting, everywhere if there is a mask; of the frame's size and
 *                 curve; it is only read
 * @param neighbor_pictures `count` frames around, in any order; they are only read
 * @param neighbor_paintings the painting of each, of its frame's size and curve and of the curve
 *                           of `painting`; they are only read
 * @param count 0 to 16; with 0 the lists may be NULL
 * @param mask the result covers the picture where this is white; of the frame's size; NULL for
 *             everywhere
 * @param run NULL for all defaults; `cancel` is used
 * @param output receives the result; of the frame's size and curve; its channels, number type,
 *               alpha mode and stride may differ
 * @return `CANCELLED` when the cancel object asked for it; `ARGUMENT` for what does not fit
 *
 * The caller guarantees:
 * The engine is NULL or not freed; the run and pixels are NULL or were initialised, callbacks may
 * be called; lists are NULL or have `count` entries; pixels describe memory that can be read, that
 * of `output` written, and that nobody else writes during the call.
 */
enum impasto_status impasto_engine_steady(const struct impasto_engine *engine,
                                          const struct impasto_pixels *picture,
                                          const struct impasto_pixels *painting,
                                          const struct impasto_pixels *const *neighbor_pictures,
                                          const struct impasto_pixels *const *neighbor_paintings,
                                          size_t count,
                                          const struct impasto_pixels *mask,
                                          const struct impasto_run *run,
                                          const struct impasto_pixels *output);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* IMPASTO_H */
