/* A program in C99 that paints, forks as Python's multiprocessing does, and goes on in both
 * processes. Returns 1 at the first thing that is not so; what waits for ever is ended after a
 * five minutes.
 */

#define _DEFAULT_SOURCE

#include <impasto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(is_so) check((is_so), #is_so, __LINE__)

static void check(int is_so, const char *what, int line) {
  if (!is_so) {
    fprintf(stderr, "fork.c:%d: this is not so: %s (%s)\n", line, what,
            impasto_last_error_message());
    _exit(1);
  }
}

static impasto_engine *new_engine(void) {
  impasto_engine_options options;
  impasto_engine *engine = NULL;
  CHECK(impasto_engine_options_init(&options, sizeof options) == IMPASTO_STATUS_OK);
  options.cache_path = "cache";
  options.user_styles_path = "styles";
  CHECK(impasto_engine_new(&options, &engine) == IMPASTO_STATUS_OK);
  return engine;
}

static impasto_status paint(const impasto_engine *engine, const impasto_style *style) {
  static unsigned char bytes[48][64][4];
  impasto_pixels pixels;
  CHECK(impasto_pixels_init(&pixels, sizeof pixels) == IMPASTO_STATUS_OK);
  memset(bytes, 100, sizeof bytes);
  pixels.data = bytes;
  pixels.width = 64;
  pixels.height = 48;
  return impasto_engine_paint(engine, style, NULL, NULL, &pixels, NULL, &pixels, NULL);
}

static void refused(impasto_status status, pid_t parent) {
  char words[64];
  CHECK(status == IMPASTO_STATUS_ARGUMENT);
  snprintf(words, sizeof words, "belongs to process %ld", (long)parent);
  CHECK(strstr(impasto_last_error_message(), words) != NULL);
  CHECK(strstr(impasto_last_error_message(), "make an engine in this process") != NULL);
}

/* What the child does with what it got of its parent, and with what it makes. */
static void in_child(impasto_engine *engine, impasto_style *style) {
  pid_t parent = getppid();
  impasto_device_list *devices = NULL;
  impasto_style_list *styles = NULL;
  impasto_style *made = NULL;
  impasto_look *look = NULL;
  impasto_engine *own;
  impasto_pixels pixels;
  refused(paint(engine, style), parent);
  refused(impasto_engine_prepare(engine), parent);
  refused(impasto_engine_devices(engine, &devices), parent);
  refused(impasto_engine_styles(engine, &styles), parent);
  refused(impasto_style_from_name(engine, "mosaic", &made), parent);
  refused(impasto_style_from_file(engine, "none.png", NULL, &made), parent);
  refused(impasto_look_from_file(engine, style, NULL, NULL, "none.png", &look), parent);
  CHECK(impasto_pixels_init(&pixels, sizeof pixels) == IMPASTO_STATUS_OK);
  refused(impasto_style_from_pixels(engine, &pixels, NULL, NULL, &made), parent);
  refused(impasto_look_from_pixels(engine, style, NULL, NULL, &pixels, &look), parent);
  refused(impasto_engine_steady(engine, &pixels, &pixels, NULL, NULL, 0, NULL, NULL, &pixels),
          parent);
  impasto_engine_free(&engine);
  CHECK(engine == NULL && devices == NULL && styles == NULL && made == NULL && look == NULL);
  impasto_log_set(NULL, IMPASTO_LOG_OFF, NULL);

  own = new_engine();
  CHECK(paint(own, style) == IMPASTO_STATUS_OK);
  impasto_engine_free(&own);
  impasto_style_free(&style);
}

static void on_log(void *user_data, int32_t level, const char *message) {
  (void)user_data;
  printf("log %d: %s\n", (int)level, message);
}

int main(void) {
  impasto_engine *engine;
  impasto_style *style = NULL;
  int turn, status;
  alarm(300);
  impasto_log_set(on_log, IMPASTO_LOG_INFO, NULL);
  engine = new_engine();
  CHECK(impasto_style_from_name(engine, "great-wave", &style) == IMPASTO_STATUS_OK);
  CHECK(paint(engine, style) == IMPASTO_STATUS_OK);
  for (turn = 0; turn < 3; turn++) {
    pid_t child;
    fflush(stdout);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
      /* Alarms are not inherited. */
      alarm(300);
      in_child(engine, style);
      fflush(stdout);
      /* As a program ends whose libraries clean up; and as one whose do not. */
      if (turn == 0) exit(0);
      _exit(0);
    }
    CHECK(paint(engine, style) == IMPASTO_STATUS_OK);
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      fprintf(stderr, "fork.c: the child ended with %d\n", status);
      return 1;
    }
  }
  impasto_style_free(&style);
  impasto_engine_free(&engine);
  puts("all is as it should be");
  return 0;
}
