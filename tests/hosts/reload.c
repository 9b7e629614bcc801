/* A program that loads the library as a plug-in host does, paints on a thread, unloads it, and does
 * all of that again. ONNX Runtime stays in the process, with addresses in the library: so must
 * the library, or the program crashes as soon as it is loaded elsewhere.
 *
 * usage: reload LIBRARY
 *
 * Returns 1 at the first thing that is not so.
 */

#include <impasto.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(is_so) check((is_so), #is_so, __LINE__)

enum { WIDTH = 64, HEIGHT = 48, BYTES = WIDTH * HEIGHT * 4, TIMES = 3 };

static void check(int is_so, const char *what, int line) {
  if (!is_so) {
    fprintf(stderr, "reload.c:%d: this is not so: %s\n", line, what);
    exit(1);
  }
}

/* ISO C turns no object's address into a function's. */
static void find(void *library, const char *name, void *function) {
  void *found = dlsym(library, name);
  CHECK(found != NULL);
  memcpy(function, &found, sizeof found);
}

struct interface {
  void *library;
  const char *(*last_error)(void);
  impasto_status (*engine_new)(const impasto_engine_options *, impasto_engine **);
  void (*engine_free)(impasto_engine **);
  impasto_status (*style_from_name)(const impasto_engine *, const char *, impasto_style **);
  void (*style_free)(impasto_style **);
  impasto_status (*pixels_init)(impasto_pixels *, size_t);
  impasto_status (*paint)(const impasto_engine *, const impasto_style *, const impasto_settings *,
                          const impasto_run *, const impasto_pixels *, const impasto_pixels *,
                          const impasto_pixels *, impasto_report *);
};

static struct interface load(const char *path) {
  struct interface impasto;
  impasto.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  CHECK(impasto.library != NULL);
  find(impasto.library, "impasto_last_error_message", &impasto.last_error);
  find(impasto.library, "impasto_engine_new", &impasto.engine_new);
  find(impasto.library, "impasto_engine_free", &impasto.engine_free);
  find(impasto.library, "impasto_style_from_name", &impasto.style_from_name);
  find(impasto.library, "impasto_style_free", &impasto.style_free);
  find(impasto.library, "impasto_pixels_init", &impasto.pixels_init);
  find(impasto.library, "impasto_engine_paint", &impasto.paint);
  return impasto;
}

static void ok(const struct interface *impasto, impasto_status status) {
  if (status != IMPASTO_STATUS_OK) {
    fprintf(stderr, "reload.c: %s\n", impasto->last_error());
    exit(1);
  }
}

static impasto_pixels pixels_of(const struct interface *impasto, unsigned char *bytes) {
  impasto_pixels pixels;
  ok(impasto, impasto->pixels_init(&pixels, sizeof pixels));
  pixels.data = bytes;
  pixels.width = WIDTH;
  pixels.height = HEIGHT;
  return pixels;
}

static int is_there(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
  return library != NULL && dlclose(library) == 0;
}

struct job {
  const char *path;
  void *library;
  unsigned char photo[BYTES], painting[BYTES];
};

static void *load_and_paint(void *user_data) {
  struct job *job = user_data;
  struct interface impasto = load(job->path);
  impasto_engine *engine = NULL;
  impasto_style *style = NULL;
  impasto_pixels from, to;
  ok(&impasto, impasto.engine_new(NULL, &engine));
  ok(&impasto, impasto.style_from_name(engine, "great-wave", &style));
  from = pixels_of(&impasto, job->photo);
  to = pixels_of(&impasto, job->painting);
  ok(&impasto, impasto.paint(engine, style, NULL, NULL, &from, NULL, &to, NULL));
  impasto.style_free(&style);
  impasto.engine_free(&engine);
  job->library = impasto.library;
  return NULL;
}

int main(int argc, char **argv) {
  static struct job job;
  static unsigned char first[BYTES];
  size_t i;
  int time;
  CHECK(argc == 2);
  job.path = argv[1];
  for (i = 0; i < BYTES; i++) {
    job.photo[i] = (unsigned char)(i % 4 == 3 ? 255 : i / 4 % WIDTH * 4);
  }
  for (time = 0; time < TIMES; time++) {
    pthread_t thread;
    memset(job.painting, 0, BYTES);
    CHECK(pthread_create(&thread, NULL, load_and_paint, &job) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    /* Not before the thread's end: until then the library has destructors to run on it. */
    CHECK(dlclose(job.library) == 0);
    CHECK(is_there(job.path));
    if (time == 0) memcpy(first, job.painting, BYTES);
    CHECK(memcmp(job.painting, job.photo, BYTES) != 0);
    CHECK(memcmp(job.painting, first, BYTES) == 0);
    printf("painted %d\n", time + 1);
    fflush(stdout);
  }
  return 0;
}
