// The node under test, loaded as hosts do, and the engine beside it, to compare with.
#pragma once

#include <string>

#include "host.hpp"
#include "impasto.h"

namespace strict {

// The node's entry points.
struct Node {
  OfxPlugin *plugin = nullptr;

  // Loads the shared library only.
  explicit Node(const std::string &bundle);
  OfxStatus call(const char *action, void *effect = nullptr, Properties *in = nullptr,
                 Properties *out = nullptr) const;
  // What a host does when it scans.
  OfxStatus load() const;
  std::unique_ptr<Effect> described(const std::string &context) const;
};

// One frame's request.
struct Request {
  double time = 1;
  double scale[2] = {1, 1};
  // What the host says of the scale: the truth, the inverse as Fusion does, 1, or nothing.
  enum { Truth, Inverse, One, Nothing } tells = Truth;
  int window[4] = {0, 0, 0, 0};
  bool is_draft = false;
};

// An instance of the node in a context, with its clips and values.
class Instance {
 public:
  Effect effect;

  Instance(const Node &node, const std::string &context = "OfxImageEffectContextFilter");
  ~Instance();
  Instance(const Instance &) = delete;

  void choose(const std::string &parameter, const std::string &option);
  void text(const std::string &parameter, const std::string &value);
  void number(const std::string &parameter, double value);
  void connect(const std::string &clip, std::function<std::shared_ptr<Picture>(double)> picture);
  // Always the same picture.
  void connect(const std::string &clip, std::shared_ptr<Picture> picture);
  // Renders the whole output; what is outside of the window stays 0xa5.
  OfxStatus render(Picture &output, Request request);
  OfxStatus render(Picture &output);
  OfxStatus call(const char *action, Properties *in = nullptr, Properties *out = nullptr);

 private:
  const Node &node;
};

// The C interface of the library that the node uses, found in the same bundle.
struct Engine {
  explicit Engine(const std::string &bundle);
  ~Engine();
  Engine(const Engine &) = delete;
  // Paints a copy of `source` as the node should; `change` may change settings and run.
  Picture paint(const Picture &source, const std::string &style,
                std::function<void(impasto_settings *, impasto_run &)> change = {},
                const Picture *mask = nullptr, int curve = IMPASTO_CURVE_SRGB) const;
  impasto_look *look(const Picture &source, const std::string &style) const;

  impasto_engine *engine = nullptr;
  decltype(&impasto_look_mix) mix_looks;
  decltype(&impasto_look_free) free_look;
  decltype(&impasto_settings_set_number) set_number;

 private:
  void *symbol(const char *name) const;
  impasto_pixels described(const Picture &picture, int curve) const;
  impasto_style *style(const std::string &name) const;
  void must(impasto_status status) const;
  void *library = nullptr;
};

// Fails the run with words.
[[noreturn]] void fail(const std::string &what);
void check(bool holds, const std::string &what);

}  // namespace strict
