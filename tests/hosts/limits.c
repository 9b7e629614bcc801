/* A program in C99 that paints with too little memory and asks for too many threads.
 *
 * usage: limits                   paints under limits of its address space, from far too little to
 *                                 plenty
 *        limits MB SIDE METHOD    one painting of SIDE x SIDE under one limit, in this process
 *
 * Whatever is lacking, a painting ends with IMPASTO_STATUS_OK or IMPASTO_STATUS_MEMORY, and never
 * ends the program. Returns 1 at the first thing that is not so.
 */

#define _DEFAULT_SOURCE

#include <impasto.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(is_so) check((is_so), #is_so, __LINE__)

static void check(int is_so, const char *what, int line) {
  if (!is_so) {
    fprintf(stderr, "limits.c:%d: this is not so: %s (%s)\n", line, what,
            impasto_last_error_message());
    exit(1);
  }
}

static impasto_status new_engine(uint32_t threads, impasto_engine **engine) {
  impasto_engine_options options;
  impasto_status status = impasto_engine_options_init(&options, sizeof options);
  if (status != IMPASTO_STATUS_OK) return status;
  options.cache_path = "cache";
  options.user_styles_path = "styles";
  options.device = "cpu";
  options.threads = threads;
  return impasto_engine_new(&options, engine);
}

/* Paints a picture of stripes in place; with the optimise method in its own style, one step. */
static impasto_status paint(const impasto_engine *engine, uint32_t side, const char *method,
                            const impasto_run *run) {
  impasto_settings *settings = NULL;
  impasto_style *style = NULL;
  impasto_pixels pixels;
  impasto_status status;
  size_t i, size = (size_t)side * side * 4;
  unsigned char *bytes = malloc(size);
  if (bytes == NULL) return IMPASTO_STATUS_MEMORY;
  for (i = 0; i < size; i++) bytes[i] = (unsigned char)(i % 251);
  CHECK(impasto_settings_new(&settings) == IMPASTO_STATUS_OK);
  CHECK(impasto_settings_set_choice(settings, "method", method) == IMPASTO_STATUS_OK);
  CHECK(impasto_settings_set_text(settings, "schedule", "128:1") == IMPASTO_STATUS_OK);
  CHECK(impasto_pixels_init(&pixels, sizeof pixels) == IMPASTO_STATUS_OK);
  pixels.data = bytes;
  pixels.width = pixels.height = side;
  if (strcmp(method, "fast") == 0) {
    status = impasto_style_from_name(engine, "great-wave", &style);
  } else {
    status = impasto_style_from_pixels(engine, &pixels, "stripes", NULL, &style);
  }
  if (status == IMPASTO_STATUS_OK) {
    status = impasto_engine_paint(engine, style, settings, run, &pixels, NULL, &pixels, NULL);
  }
  impasto_settings_free(&settings);
  impasto_style_free(&style);
  free(bytes);
  return status;
}

/* One painting under a limit; 0 is none, and then there is memory enough. */
static int within(unsigned long megabytes, uint32_t side, const char *method) {
  struct rlimit limit;
  impasto_engine *engine = NULL;
  impasto_status status;
  limit.rlim_cur = limit.rlim_max = megabytes == 0 ? RLIM_INFINITY : (rlim_t)megabytes << 20;
  if (setrlimit(RLIMIT_AS, &limit) != 0) return 1;
  status = new_engine(0, &engine);
  if (status == IMPASTO_STATUS_OK) status = paint(engine, side, method, NULL);
  printf("%lu MB, %u pixels, %s: %s: %s\n", megabytes, (unsigned)side, method,
         impasto_status_name(status),
         status == IMPASTO_STATUS_OK ? "" : impasto_last_error_message());
  impasto_engine_free(&engine);
  fflush(stdout);
  if (status == IMPASTO_STATUS_MEMORY && megabytes != 0) return 0;
  return status == IMPASTO_STATUS_OK ? 0 : 1;
}

/* Every limit has a process of its own; the last is 0. */
static void try_limits(uint32_t side, const char *method, const unsigned long *limits) {
  unsigned long megabytes;
  do {
    int status;
    pid_t child;
    megabytes = *limits++;
    child = fork();
    CHECK(child >= 0);
    if (child == 0) _exit(within(megabytes, side, method));
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      fprintf(stderr, "limits.c: %u pixels under %lu MB ended with %d\n", (unsigned)side, megabytes,
              status);
      exit(1);
    }
  } while (megabytes != 0);
}

static int tasks(void) {
  DIR *folder = opendir("/proc/self/task");
  int count = 0;
  CHECK(folder != NULL);
  while (readdir(folder) != NULL) count++;
  closedir(folder);
  return count - 2;
}

static int32_t count_threads(void *user_data, const impasto_progress *progress) {
  int *most = user_data, now = tasks();
  (void)progress;
  if (now > *most) *most = now;
  return 0;
}

/* Of the engine's own threads and those of each network there are no more than cores. */
static void ask_for_a_thousand_threads(void) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  impasto_engine *engine = NULL;
  impasto_run run;
  int most = 0;
  CHECK(impasto_run_init(&run, sizeof run) == IMPASTO_STATUS_OK);
  run.progress = count_threads;
  run.progress_user_data = &most;
  CHECK(new_engine(1024, &engine) == IMPASTO_STATUS_OK);
  CHECK(paint(engine, 200, "fast", &run) == IMPASTO_STATUS_OK);
  printf("%d threads on %ld cores\n", most, cores);
  CHECK(most > 0 && most <= 3 * cores + 4);
  impasto_engine_free(&engine);
}

int main(int argc, char **argv) {
  static const unsigned long small[] = {60,  80,  90,  100, 110, 120, 130, 140, 150, 160, 180, 202,
                                        225, 250, 275, 300, 350, 400, 450, 500, 600, 800, 0};
  static const unsigned long large[] = {250, 500, 600, 700, 800, 1000, 1400, 0};
  static const unsigned long long_work[] = {100, 200, 215, 225, 300, 350, 400, 450,
                                            500, 550, 600, 700, 800, 0};
  if (argc == 4) {
    return within(strtoul(argv[1], NULL, 10), (uint32_t)strtoul(argv[2], NULL, 10), argv[3]);
  }
  /* Processes are forked before the library is used. */
  try_limits(1500, "fast", small);
  try_limits(6000, "fast", large);
  try_limits(128, "optimize", long_work);
  ask_for_a_thousand_threads();
  puts("all is as it should be");
  return 0;
}
