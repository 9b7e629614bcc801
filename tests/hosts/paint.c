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
  options.log_level = IMPASTO_LOG_INFO;
  options.log_callback = on_log;
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

/* As a host does that builds its controls from the list. */
static void print_parameters(void) {
  impasto_paint_options options;
  size_t i, choice;
  OK(impasto_paint_options_init(&options, sizeof options));
  CHECK(impasto_parameter_count() > 0);
  for (i = 0; i < impasto_parameter_count(); i++) {
    const impasto_parameter *parameter = impasto_parameter_at(i);
    printf("parameter %s (%s): %g to %g, %g\n", parameter->name, parameter->label,
           parameter->least, parameter->most, parameter->default_value);
    for (choice = 0; choice < parameter->choice_count; choice++) {
      printf("  %s (%s)\n", parameter->choice_names[choice], parameter->choice_labels[choice]);
    }
    OK(impasto_paint_options_set(&options, parameter->name, parameter->least));
    OK(impasto_paint_options_set(&options, parameter->name, parameter->default_value));
    CHECK(impasto_paint_options_set(&options, parameter->name, parameter->most + 1) ==
          IMPASTO_STATUS_ARGUMENT);
  }
  CHECK(impasto_parameter_at(i) == NULL);
  CHECK(impasto_paint_options_set(&options, "nonsense", 0) == IMPASTO_STATUS_ARGUMENT);
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
}

static void refuse_nonsense(const impasto_engine *engine, const impasto_style *style,
                            const struct picture *photo) {
  struct picture narrow = new_picture(photo->width - 1, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&narrow), unset;
  impasto_style *made = NULL;
  memset(&unset, 0, sizeof unset);
  CHECK(impasto_engine_paint(engine, style, NULL, &input, NULL, &output, NULL) ==
        IMPASTO_STATUS_ARGUMENT);
  CHECK(impasto_engine_paint(engine, style, NULL, &unset, NULL, &output, NULL) ==
        IMPASTO_STATUS_ARGUMENT);
  CHECK(impasto_engine_paint(NULL, style, NULL, &input, NULL, &input, NULL) ==
        IMPASTO_STATUS_ARGUMENT);
  CHECK(is_untouched(&narrow));
  CHECK(impasto_style_from_bytes((const uint8_t *)"nonsense", 8, &made) == IMPASTO_STATUS_STYLE);
  CHECK(impasto_style_mix(&style, (const float[]){-1.0F}, 1, &made) == IMPASTO_STATUS_ARGUMENT);
  CHECK(made == NULL);
  CHECK(strcmp(impasto_status_name(12345), impasto_status_name(IMPASTO_STATUS_OK)) != 0);
  free(narrow.bytes);
}

static int32_t on_progress(void *user_data, float fraction, const char *phase) {
  float *last = user_data;
  CHECK(fraction >= *last && fraction <= 1.0F);
  *last = fraction;
  printf("progress %3.0f %% %s\n", (double)(fraction * 100.0F), phase);
  return 0;
}

static struct picture paint(const impasto_engine *engine, const impasto_style *style,
                            const struct picture *photo) {
  struct picture painting = new_picture(photo->width, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&painting);
  impasto_paint_options options;
  impasto_report report;
  float last = 0.0F;
  size_t i;
  OK(impasto_paint_options_init(&options, sizeof options));
  OK(impasto_report_init(&report, sizeof report));
  options.progress = on_progress;
  options.progress_user_data = &last;
  OK(impasto_engine_paint(engine, style, &options, &input, NULL, &output, &report));
  printf("painted on %s in %.2f s, %u tiles\n", report.device, report.seconds,
         (unsigned)report.tiles);
  CHECK(last > 0.9F);
  CHECK(strcmp(report.device, "cpu") == 0);
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
  OK(impasto_engine_paint(engine, style, NULL, &pixels, NULL, &pixels, NULL));
  turn(&turned, &back);
  CHECK(are_equal(&back, painting));
  free(back.bytes);
  free(turned.bytes);
}

static int32_t stop_soon(void *user_data, float fraction, const char *phase) {
  int *calls = user_data;
  (void)fraction;
  (void)phase;
  *calls += 1;
  return *calls == 2;
}

static void cancel_in_callback(const impasto_engine *engine, const impasto_style *style,
                               const struct picture *photo) {
  struct picture painting = new_picture(photo->width, photo->height);
  impasto_pixels input = pixels_of(photo), output = pixels_of(&painting);
  impasto_paint_options options;
  int calls = 0;
  OK(impasto_paint_options_init(&options, sizeof options));
  options.progress = stop_soon;
  options.progress_user_data = &calls;
  CHECK(impasto_engine_paint(engine, style, &options, &input, NULL, &output, NULL) ==
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

static int32_t wait_for_request(void *user_data, float fraction, const char *phase) {
  struct meeting *meeting = user_data;
  (void)fraction;
  (void)phase;
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
  impasto_paint_options options;
  impasto_cancel *cancel = NULL;
  impasto_style *made = NULL;
  pthread_t thread;
  OK(impasto_cancel_new(&cancel));
  meeting.cancel = cancel;
  OK(impasto_paint_options_init(&options, sizeof options));
  options.progress = wait_for_request;
  options.progress_user_data = &meeting;
  options.cancel = cancel;
  CHECK(pthread_create(&thread, NULL, request, &meeting) == 0);
  CHECK(impasto_engine_paint(engine, style, &options, &input, NULL, &output, NULL) ==
        IMPASTO_STATUS_CANCELLED);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(is_untouched(&painting));
  /* Once requested it stays requested. */
  CHECK(impasto_style_from_pixels(engine, &input, "photo", cancel, &made) ==
        IMPASTO_STATUS_CANCELLED);
  impasto_cancel_free(&cancel);
  CHECK(cancel == NULL && made == NULL);
  free(painting.bytes);
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

  /* Valgrind runs one thread at a time; others would only spin. */
  engine = new_engine(is_once ? 1 : 0);
  print_parameters();
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
  free(photo.bytes);
  free(painting.bytes);
  puts("all is as it should be");
  return 0;
}
