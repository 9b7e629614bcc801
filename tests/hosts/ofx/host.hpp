// A strict OpenFX host: it gives nothing that the standard does not promise, takes nothing that
// the standard does not name, and keeps a list of what the node did wrong.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "ofx.h"

namespace strict {

using Value = std::variant<int, double, std::string, void *>;

// What it is decides which properties it may have.
enum class Kind { Host, Effect, Clip, Parameter, Image, Arguments };

struct Properties {
  Kind kind = Kind::Arguments;
  std::map<std::string, std::deque<Value>> values;
  // Strings as the node gave them: they must stay as they were.
  std::vector<std::pair<const char *, std::string>> lent;

  void set(const std::string &name, std::vector<Value> given) {
    values[name] = std::deque<Value>(given.begin(), given.end());
  }
  std::string text(const std::string &name) const;
  int integer(const std::string &name) const;
  double number(const std::string &name) const;
};

enum class Depth { Byte, Short, Half, Float };
enum class Components { Rgba, Rgb, Alpha };

// How a picture lies in memory.
struct Form {
  int x1 = 0, y1 = 0, width = 0, height = 0;
  Depth depth = Depth::Float;
  Components components = Components::Rgba;
  bool is_premultiplied = false;
  bool is_top_down = false;  // a negative rowBytes
  int padding = 0;           // bytes behind each row
  double pixel_aspect = 1;   // how much wider than high a pixel is shown

  int channels() const;
  int sample() const;
  int row() const { return width * channels() * sample(); }
  long stride() const { return static_cast<long>(row()) + padding; }
};

// Pixels on memory of exactly their size, so that a sanitizer sees every step beyond.
struct Picture {
  Form form;
  std::vector<unsigned char> bytes;
  std::string identifier;  // another for each picture; empty in hosts that have none

  explicit Picture(Form form);
  unsigned char *pixel(int x, int y);
  const unsigned char *pixel(int x, int y) const;
  double get(int x, int y, int channel) const;
  void put(int x, int y, int channel, double value);
  // The pixels of a row alone.
  std::vector<unsigned char> row(int y) const;
};

struct Parameter {
  std::string type;
  Properties properties;
  // By time; the standard lets every value be one of an animation.
  std::function<double(double)> number;
  std::string text;
};

struct Effect;

struct Clip {
  std::string name;
  Properties properties;
  Effect *effect = nullptr;
  std::function<std::shared_ptr<Picture>(double)> picture;
};

struct Effect {
  Properties properties;
  std::map<std::string, Parameter> parameters;
  std::vector<std::string> order;
  std::map<std::string, Clip> clips;
  std::atomic<bool> is_aborted{false};
  std::atomic<int> abort_calls{0}, images_out{0}, progress{0};
  std::string message;  // the persistent one
  Effect *original = nullptr;  // of a clone for rendering: messages are the original's
  int messages = 0;
  double scale[2] = {1, 1};
  bool may_set_parameters = false;
};

// What this host does not have.
struct Habits {
  std::set<std::string> missing_suites;      // "OfxMessageSuite 2"
  std::set<std::string> missing_properties;  // of any set
  bool fails_values = false;                 // getValue and getValueAtTime of strings and choices
  OfxStatus progress_answer = kOfxStatOK;    // of progressUpdate
  bool has_string_choices = false;           // of the standard's version 1.5
};

struct Host {
  OfxHost sys;
  Properties properties;
  Habits habits;
  std::mutex mutex;
  std::vector<std::string> wrongs;

  Host();
  void complain(const std::string &what);
};

// There is one in a process, as in every real program.
Host &host();

extern const OfxPropertySuiteV1 PROPERTIES;

std::string name_of(Depth depth);
std::string name_of(Components components);

}  // namespace strict
