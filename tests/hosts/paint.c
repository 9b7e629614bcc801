/* A program in C99 that uses all of Impasto's interface and checks what it gets.
 *
 * usage: paint            everything, on a picture of 320x240
 *        paint --once     one small painting, for slow tools such as valgrind
 *
 * Files are made in the working directory. Returns 1 at the first thing that is not so.
 */

#define _POSIX_C_SOURCE 200809L

#include <impasto.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(is_so) check((is_so), #is_so, __LINE__)
#define OK(call) ok((call), #call, __LINE__)

static void check(int is_so, const char *what, int line) {
  if (!is_so) {
    fprintf(stderr, "paint.c:%d: this is not so: %s\n", line, what);
    exit(1);
  }
}

static void ok(impasto_status status, const char *what, int line) {
  if (status != IMPASTO_STATUS_OK) {
    fprintf(stderr, "paint.c:%d: %s: %s: %s\n", line, what, impasto_status_name(status),
            impasto_last_error_message());
    exit(1);
  }
}

/* A picture of RGBA, 8 bits. */
struct picture {
  uint32_t width, height;
  uint8_t *bytes;
};

static size_t size_of(const struct picture *picture) {
  return (size_t)picture->width * picture->height * 4;
}

static struct picture new_picture(uint32_t width, uint32_t height) {
  struct picture picture = {width, height, calloc((size_t)width * height, 4)};
  CHECK(picture.bytes != NULL);
  return picture;
}

/* A gradient with a disc, squares, and a corner that can be seen through. */
static struct picture draw(uint32_t width, uint32_t height) {
  struct picture picture = new_picture(width, height);
  uint32_t x, y;
  for (y = 0; y < height; y++) {
    for (x = 0; x < width; x++) {
      uint8_t *pixel = picture.bytes + ((size_t)y * width + x) * 4;
      int32_t from_x = (int32_t)x - (int32_t)width / 2, from_y = (int32_t)y - (int32_t)height / 2;
      int is_disc = from_x * from_x + from_y * from_y < (int32_t)(height * height) / 9;
      int is_square = (x / 16 + y / 16) % 5 == 0;
      pixel[0] = (uint8_t)(is_disc ? 230 : x * 255 / width);
      pixel[1] = (uint8_t)(is_square ? 40 : y * 255 / height);
      pixel[2] = (uint8_t)(is_disc ? 30 : 150);
      pixel[3] = (uint8_t)(x + y < 32 ? 128 : 255);
    }
  }
  return picture;
}

static impasto_pixels pixels_of(const struct picture *picture) {
  impasto_pixels pixels;
  OK(impasto_pixels_init(&pixels, sizeof pixels));
  pixels.data = picture->bytes;
  pixels.width = picture->width;
  pixels.height = picture->height;
  return pixels;
}

static int are_equal(const struct picture *a, const struct picture *b) {
  return size_of(a) == size_of(b) && memcmp(a->bytes, b->bytes, size_of(a)) == 0;
}

static int is_untouched(const struct picture *picture) {
  size_t i;
  for (i = 0; i < size_of(picture); i++) {
    if (picture->bytes[i] != 0) return 0;
  }
  return 1;
}

static void on_log(void *user_data, int32_t level, const char *message) {
  (void)user_data;
  printf("log %d: %s\n", (int)level, message);
}

static impasto_engine *new_engine(uint32_t threads) {
  impasto_engine_options options;
  impasto_engine *engine = NULL;
  OK(impasto_engine_options_init(&options, sizeof options));
  options.cache_path = "cache";
  options.user_styles_path = "styles";
  options.threads = threads;
  OK(impasto_engine_new(&options, &engine));
  CHECK(engine != NULL);
  return engine;
}

static void print_devices(const impasto_engine *engine) {
  impasto_device_list *devices = NULL;
  size_t i;
  int has_cpu = 0;
  OK(impasto_engine_devices(engine, &devices));
  for (i = 0; i < impasto_device_list_count(devices); i++) {
    const char *name = impasto_device_list_name(devices, i);
    const char *reason = impasto_device_list_reason(devices, i);
    printf("device %s: %s\n", name, reason != NULL ? reason : "usable");
    has_cpu |= strcmp(name, "cpu") == 0 && reason == NULL;
  }
  CHECK(has_cpu);
  CHECK(impasto_device_list_name(devices, i) == NULL);
  impasto_device_list_free(&devices);
  CHECK(devices == NULL);
}

static void print_styles(const impasto_engine *engine) {
  impasto_style_list *styles = NULL;
  size_t i;
  OK(impasto_engine_styles(engine, &styles));
  CHECK(impasto_style_list_count(styles) >= 2);
  for (i = 0; i < impasto_style_list_count(styles); i++) {
    printf("style %s: %s, %s, %s\n", impasto_style_list_name(styles, i),
           impasto_style_list_title(styles, i), impasto_style_list_painter(styles, i),
           impasto_style_list_year(styles, i));
    CHECK(impasto_style_list_thumbnail(styles, i) != NULL);
  }
  CHECK(impasto_style_list_name(styles, i) == NULL);
  impasto_style_list_free(&styles);
  CHECK(styles == NULL);
}

/* As a host does that builds its controls from the table. */
static void print_settings(void) {
  impasto_settings *settings = NULL;
  size_t i, choice;
  OK(impasto_settings_new(&settings));
  CHECK(impasto_setting_count() > 0);
  for (i = 0; i < impasto_setting_count(); i++) {
    const impasto_setting *setting = impasto_setting_at(i);
    const char *text = NULL;
    double number = 0.0;
    printf("setting %s (%s): %g to %g %s, %s\n", setting->name, setting->label, setting->least,
           setting->most, setting->unit, setting->default_text);
    for (choice = 0; choice < setting->choice_count; choice++) {
      printf("  %s (%s)\n", setting->choice_names[choice], setting->choice_labels[choice]);
      OK(impasto_settings_set_choice(settings, setting->name, setting->choice_names[choice]));
      OK(impasto_settings_number(settings, setting->name, &number));
      CHECK(number == (double)choice);
    }
    if (setting->type != IMPASTO_SETTING_TEXT) {
      OK(impasto_settings_set_number(settings, setting->name, setting->most));
      OK(impasto_settings_number(settings, setting->name, &number));
      CHECK(number == setting->most);
      CHECK(impasto_settings_set_number(settings, setting->name, setting->most + 1) ==
            IMPASTO_STATUS_ARGUMENT);
    }
    OK(impasto_settings_set_text(settings, setting->name, NULL));
    OK(impasto_settings_text(settings, setting->name, &text));
    CHECK(strcmp(text, setting->default_text) == 0);
    CHECK(impasto_setting_find(setting->name) == setting);
  }
  CHECK(impasto_setting_at(i) == NULL);
  CHECK(impasto_settings_set_number(settings, "nonsense", 0) == IMPASTO_STATUS_ARGUMENT);
  impasto_settings_free(&settings);
  CHECK(settings == NULL);
}

static impasto_style *named(const impasto_engine *engine, const char *name) {
  impasto_style *style = NULL;
  OK(impasto_style_from_name(engine, name, &style));
  CHECK(strcmp(impasto_style_name(style), name) == 0);
  return style;
}

static void fail_to_find_a_style(const impasto_engine *engine) {
  impasto_style *style = NULL;
  CHECK(impasto_style_from_name(engine, "no-such-style", &style) == IMPASTO_STATUS_STYLE);
  CHECK(style == NULL);
  printf("last error: %s\n", impasto_last_error_message());
  CHECK(strstr(impasto_last_error_message(), "no-such-style") != NULL);
  CHECK(impasto_last_error_cure() == IMPASTO_CURE_NONE);
  CHECK(strcmp(impasto_last_error_failure(), impasto_last_error_message()) == 0);
}

static void refuse_nonsense(const impasto_engine *engine, const impasto_style *style,
                            const struct picture *photo) {
  struct picture narrow = new_picture(photo->width - 1, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&narrow), unset;
  impasto_style *made = NULL;
  memset(&unset, 0, sizeof unset);
  CHECK(impasto_engine_paint(engine, style, NULL, NULL, &input, NULL, &output, NULL) ==
        IMPASTO_STATUS_ARGUMENT);
  CHECK(impasto_engine_paint(engine, style, NULL, NULL, &unset, NULL, &output, NULL) ==
        IMPASTO_STATUS_ARGUMENT);
  CHECK(impasto_engine_paint(NULL, style, NULL, NULL, &input, NULL, &input, NULL) ==
        IMPASTO_STATUS_ARGUMENT);
  CHECK(is_untouched(&narrow));
  CHECK(impasto_style_from_bytes((const uint8_t *)"nonsense", 8, &made) == IMPASTO_STATUS_STYLE);
  CHECK(impasto_style_mix(&style, (const float[]){-1.0F}, 1, &made) == IMPASTO_STATUS_ARGUMENT);
  CHECK(made == NULL);
  CHECK(strcmp(impasto_status_name(12345), impasto_status_name(IMPASTO_STATUS_OK)) != 0);
  free(narrow.bytes);
}

static impasto_run new_run(impasto_progress_callback progress, void *user_data) {
  impasto_run run;
  OK(impasto_run_init(&run, sizeof run));
  run.progress = progress;
  run.progress_user_data = user_data;
  return run;
}

/* How far a painting has come, and a word that must stay where it is. */
struct course {
  float last;
  const char *phase;
};

static int32_t on_progress(void *user_data, const impasto_progress *progress) {
  struct course *course = user_data;
  CHECK(progress->struct_size >= sizeof *progress);
  CHECK(progress->fraction >= course->last && progress->fraction <= 1.0F);
  CHECK(progress->losses == NULL);
  course->last = progress->fraction;
  course->phase = progress->phase;
  printf("progress %3.0f %% %s\n", (double)(progress->fraction * 100.0F), progress->phase);
  return 0;
}

static struct picture paint(const impasto_engine *engine, const impasto_style *style,
                            const struct picture *photo) {
  struct picture painting = new_picture(photo->width, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&painting);
  struct course course = {0.0F, NULL};
  impasto_run run = new_run(on_progress, &course);
  impasto_report report;
  size_t i;
  OK(impasto_report_init(&report, sizeof report));
  OK(impasto_engine_paint(engine, style, NULL, &run, &input, NULL, &output, &report));
  printf("painted on %s in %.2f s, %u tiles\n", report.device, report.seconds,
         (unsigned)report.tiles);
  CHECK(course.last > 0.9F && strcmp(course.phase, "Painting") == 0);
  CHECK(strcmp(report.device, "cpu") == 0);
  CHECK(strstr(report.json, "\"device\":\"cpu\"") != NULL);
  CHECK(report.seconds > 0.0 && report.tiles > 0);
  CHECK(!are_equal(&painting, photo));
  for (i = 3; i < size_of(photo); i += 4) CHECK(painting.bytes[i] == photo->bytes[i]);
  return painting;
}

/* Upside down, red and blue exchanged. */
static void turn(const struct picture *from, const struct picture *to) {
  size_t width = from->width, height = from->height, x, y;
  for (y = 0; y < height; y++) {
    for (x = 0; x < width; x++) {
      const uint8_t *source = from->bytes + (y * width + x) * 4;
      uint8_t *target = to->bytes + ((height - 1 - y) * width + x) * 4;
      target[0] = source[2];
      target[1] = source[1];
      target[2] = source[0];
      target[3] = source[3];
    }
  }
}

/* Bottom-up rows in BGRA are another description of the same painting. */
static void paint_in_place(const impasto_engine *engine, const impasto_style *style,
                           const struct picture *photo, const struct picture *painting) {
  struct picture turned = new_picture(photo->width, photo->height);
  struct picture back = new_picture(photo->width, photo->height);
  size_t row = (size_t)photo->width * 4;
  impasto_pixels pixels = pixels_of(&turned);
  turn(photo, &turned);
  pixels.data = turned.bytes + (photo->height - (size_t)1) * row;
  pixels.row_stride = -(ptrdiff_t)row;
  pixels.channels = IMPASTO_CHANNELS_BGRA;
  OK(impasto_engine_paint(engine, style, NULL, NULL, &pixels, NULL, &pixels, NULL));
  turn(&turned, &back);
  CHECK(are_equal(&back, painting));
  free(back.bytes);
  free(turned.bytes);
}

static int32_t stop_soon(void *user_data, const impasto_progress *progress) {
  int *calls = user_data;
  (void)progress;
  *calls += 1;
  return *calls == 2;
}

static void cancel_in_callback(const impasto_engine *engine, const impasto_style *style,
                               const struct picture *photo) {
  struct picture painting = new_picture(photo->width, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&painting);
  int calls = 0;
  impasto_run run = new_run(stop_soon, &calls);
  CHECK(impasto_engine_paint(engine, style, NULL, &run, &input, NULL, &output, NULL) ==
        IMPASTO_STATUS_CANCELLED);
  CHECK(calls == 2);
  CHECK(is_untouched(&painting));
  free(painting.bytes);
}

/* The painting waits in its callback until the other thread has cancelled it: no race decides. */
struct meeting {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int has_begun, is_requested;
  const impasto_cancel *cancel;
};

static int32_t wait_for_request(void *user_data, const impasto_progress *progress) {
  struct meeting *meeting = user_data;
  (void)progress;
  pthread_mutex_lock(&meeting->lock);
  meeting->has_begun = 1;
  pthread_cond_broadcast(&meeting->changed);
  while (!meeting->is_requested) pthread_cond_wait(&meeting->changed, &meeting->lock);
  pthread_mutex_unlock(&meeting->lock);
  return 0;
}

static void *request(void *user_data) {
  struct meeting *meeting = user_data;
  pthread_mutex_lock(&meeting->lock);
  while (!meeting->has_begun) pthread_cond_wait(&meeting->changed, &meeting->lock);
  OK(impasto_cancel_request(meeting->cancel));
  meeting->is_requested = 1;
  pthread_cond_broadcast(&meeting->changed);
  pthread_mutex_unlock(&meeting->lock);
  return NULL;
}

static void cancel_from_another_thread(const impasto_engine *engine, const impasto_style *style,
                                       const struct picture *photo) {
  struct picture painting = new_picture(photo->width, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&painting);
  struct meeting meeting = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, NULL};
  impasto_run run = new_run(wait_for_request, &meeting);
  impasto_cancel *cancel = NULL;
  impasto_style *made = NULL;
  pthread_t thread;
  OK(impasto_cancel_new(&cancel));
  meeting.cancel = cancel;
  run.cancel = cancel;
  CHECK(pthread_create(&thread, NULL, request, &meeting) == 0);
  CHECK(impasto_engine_paint(engine, style, NULL, &run, &input, NULL, &output, NULL) ==
        IMPASTO_STATUS_CANCELLED);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(is_untouched(&painting));
  /* Once requested it stays requested. */
  CHECK(impasto_style_from_pixels(engine, &input, "photo", &run, &made) ==
        IMPASTO_STATUS_CANCELLED);
  impasto_cancel_free(&cancel);
  CHECK(cancel == NULL && made == NULL);
  free(painting.bytes);
}

/* An optimisation of a few steps: its losses and pictures are seen, and it is stopped. */
struct way {
  int losses, previews;
};

static int32_t stop_after_two(void *user_data, const impasto_progress *progress) {
  struct way *way = user_data;
  if (progress->losses != NULL) {
    CHECK(progress->losses->total > 0.0F);
    way->losses++;
  }
  return way->losses == 2;
}

static void on_preview(void *user_data, const impasto_preview *preview) {
  struct way *way = user_data;
  CHECK(preview->struct_size >= sizeof *preview && preview->steps == 3);
  CHECK(preview->pixels->sample == IMPASTO_SAMPLE_F32 && preview->pixels->data != NULL);
  CHECK(preview->losses.total > 0.0F);
  way->previews++;
}

static void optimise(const impasto_engine *engine, const struct picture *photo) {
  struct picture small = draw(40, 32);
  impasto_pixels style_pixels = pixels_of(photo), pixels = pixels_of(&small);
  struct way way = {0, 0};
  impasto_run run = new_run(stop_after_two, &way);
  impasto_settings *settings = NULL;
  impasto_style *style = NULL;
  impasto_report report;
  run.preview = on_preview;
  run.preview_user_data = &way;
  run.start = &style_pixels;
  OK(impasto_report_init(&report, sizeof report));
  OK(impasto_style_from_pixels(engine, &style_pixels, NULL, NULL, &style));
  CHECK(strcmp(impasto_style_name(style), "picture") == 0);
  OK(impasto_settings_new(&settings));
  OK(impasto_settings_set_choice(settings, "method", "optimize"));
  OK(impasto_settings_set_text(settings, "schedule", "40:3"));
  CHECK(impasto_engine_paint(engine, style, settings, &run, &pixels, NULL, &pixels, &report) ==
        IMPASTO_STATUS_CANCELLED);
  CHECK(way.losses == 2 && way.previews == 2);
  OK(impasto_settings_set_choice(settings, "on-cancel", "keep"));
  way.losses = 0;
  OK(impasto_engine_paint(engine, style, settings, &run, &pixels, NULL, &pixels, &report));
  CHECK(report.stopped == 1 && report.steps == 2);
  impasto_settings_free(&settings);
  impasto_style_free(&style);
  free(small.bytes);
}

/* The optimise method paints in a shipped style, and says what it cannot do with one. */
static void optimise_by_name(const impasto_engine *engine, const struct picture *photo) {
  struct picture small = draw(40, 32);
  impasto_pixels pixels = pixels_of(&small), mask = pixels_of(photo);
  impasto_settings *settings = NULL;
  impasto_style *style = NULL, *masked = NULL, *saved = NULL;
  const uint8_t *bytes = NULL;
  size_t length = 0;
  OK(impasto_settings_new(&settings));
  OK(impasto_settings_set_choice(settings, "method", "optimize"));
  OK(impasto_settings_set_text(settings, "schedule", "40:2"));
  OK(impasto_style_from_name(engine, "ink", &style));
  OK(impasto_style_masked(style, &mask, NULL, &masked));
  OK(impasto_engine_paint(engine, masked, settings, NULL, &pixels, NULL, &pixels, NULL));
  impasto_style_free(&masked);
  CHECK(impasto_style_masked(style, NULL, &mask, &masked) == IMPASTO_STATUS_STYLE);
  CHECK(strstr(impasto_last_error_message(), "'ink'") != NULL);
  OK(impasto_style_bytes(style, &bytes, &length));
  OK(impasto_style_from_bytes(bytes, length, &saved));
  CHECK(impasto_engine_paint(engine, saved, settings, NULL, &pixels, NULL, &pixels, NULL) ==
        IMPASTO_STATUS_STYLE);
  CHECK(strstr(impasto_last_error_message(), "code alone") != NULL);
  impasto_settings_free(&settings);
  impasto_style_free(&saved);
  impasto_style_free(&style);
  free(small.bytes);
}

static impasto_style *saved_and_loaded(const impasto_engine *engine, const impasto_style *style) {
  const uint8_t *bytes = NULL, *again = NULL;
  size_t length = 0, length_again = 0;
  impasto_style *from_file = NULL, *from_bytes = NULL;
  FILE *file = fopen("saved.toml", "wb");
  OK(impasto_style_bytes(style, &bytes, &length));
  CHECK(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
  OK(impasto_style_from_file(engine, "saved.toml", NULL, &from_file));
  OK(impasto_style_from_bytes(bytes, length, &from_bytes));
  OK(impasto_style_bytes(from_file, &again, &length_again));
  CHECK(length == length_again && memcmp(bytes, again, length) == 0);
  CHECK(strcmp(impasto_style_name(from_bytes), impasto_style_name(style)) == 0);
  impasto_style_free(&from_file);
  CHECK(remove("saved.toml") == 0);
  return from_bytes;
}

/* Half another shipped style, half the picture's own. */
static impasto_style *mixed(const impasto_engine *engine, const struct picture *photo) {
  impasto_pixels pixels = pixels_of(photo);
  impasto_style *shipped = named(engine, "mosaic"), *own = NULL, *mix = NULL;
  const impasto_style *parts[2];
  const float weights[2] = {0.5F, 0.5F};
  OK(impasto_style_from_pixels(engine, &pixels, "own", NULL, &own));
  CHECK(strcmp(impasto_style_name(own), "own") == 0);
  parts[0] = shipped;
  parts[1] = own;
  OK(impasto_style_mix(parts, weights, 2, &mix));
  impasto_style_free(&shipped);
  impasto_style_free(&own);
  return mix;
}

static void paint_everything(const impasto_engine *engine, const impasto_style *style,
                             const struct picture *photo, const struct picture *painting) {
  impasto_style *loaded = saved_and_loaded(engine, style), *mix = mixed(engine, photo);
  struct picture from_loaded = paint(engine, loaded, photo);
  struct picture from_mix = paint(engine, mix, photo);
  CHECK(are_equal(&from_loaded, painting));
  CHECK(!are_equal(&from_mix, painting));
  paint_in_place(engine, style, photo, painting);
  cancel_in_callback(engine, style, photo);
  cancel_from_another_thread(engine, style, photo);
  optimise(engine, photo);
  optimise_by_name(engine, photo);
  impasto_style_free(&loaded);
  impasto_style_free(&mix);
  free(from_loaded.bytes);
  free(from_mix.bytes);
}

int main(int argc, char **argv) {
  int is_once = argc > 1 && strcmp(argv[1], "--once") == 0;
  struct picture photo = is_once ? draw(32, 24) : draw(320, 240), painting;
  impasto_engine *engine;
  impasto_style *style;

  printf("impasto %s\n", impasto_version());
  CHECK(impasto_version_number() == IMPASTO_VERSION_MAJOR * 1000000 +
                                        IMPASTO_VERSION_MINOR * 1000 + IMPASTO_VERSION_PATCH);
  CHECK(strcmp(impasto_last_error_message(), "") == 0);

  impasto_log_set(on_log, IMPASTO_LOG_INFO, NULL);
  /* Valgrind runs one thread at a time; others would only spin. */
  engine = new_engine(is_once ? 1 : 0);
  print_settings();
  print_devices(engine);
  print_styles(engine);
  fail_to_find_a_style(engine);
  style = named(engine, "great-wave");
  refuse_nonsense(engine, style, &photo);
  OK(impasto_engine_prepare(engine));
  painting = paint(engine, style, &photo);
  if (!is_once) paint_everything(engine, style, &photo, &painting);

  impasto_style_free(&style);
  impasto_style_free(&style);
  impasto_style_free(NULL);
  impasto_engine_free(&engine);
  CHECK(style == NULL && engine == NULL);
  impasto_log_set(NULL, IMPASTO_LOG_OFF, NULL);
  free(photo.bytes);
  free(painting.bytes);
  puts("all is as it should be");
  return 0;
}
