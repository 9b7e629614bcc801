// Loads Impasto.ofx.bundle as a host does, and tries all that the standard allows.
// Arguments: the bundle, a photograph as PPM, and the names of cases, by default all but speed.
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>

#include "cases.hpp"

namespace strict {

std::shared_ptr<Picture> scene(Form form, double shift, bool has_alpha, double step) {
  auto picture = std::make_shared<Picture>(form);
  for (int y = form.y1; y < form.y1 + form.height; y++) {
    for (int x = form.x1; x < form.x1 + form.width; x++) {
      const double u = x * step + shift, v = y * step;
      const double alpha = !has_alpha ? 1 : ((x / 5 + y / 7) % 3) / 2.0;
      double values[4] = {0.5 + 0.4 * std::sin((u * u + v * v) / 9000),
                          0.5 + 0.4 * std::sin(u / 37 + std::sin(v / 23)),
                          0.5 + 0.3 * std::sin(v / 41) * std::cos(u / 29), alpha};
      if (form.components == Components::Alpha) values[0] = alpha;
      for (int c = 0; c < form.channels(); c++) {
        const bool multiplies = form.is_premultiplied && c < 3 && form.channels() == 4;
        picture->put(x, y, c, values[c] * (multiplies ? alpha : 1));
      }
    }
  }
  return picture;
}

template <class Take>
static void each(const Picture &a, const Picture &b, Take take) {
  check(a.form.width == b.form.width && a.form.height == b.form.height &&
            a.form.channels() == b.form.channels(),
        "pictures of one size are compared");
  for (int y = 0; y < a.form.height; y++) {
    for (int x = 0; x < a.form.width; x++) {
      for (int c = 0; c < a.form.channels(); c++) {
        take(std::fabs(a.get(a.form.x1 + x, a.form.y1 + y, c) -
                       b.get(b.form.x1 + x, b.form.y1 + y, c)));
      }
    }
  }
}

double most_difference(const Picture &a, const Picture &b) {
  double most = 0;
  // Written so that what is no number counts as infinite.
  each(a, b, [&](double d) { most = d <= most ? most : std::isnan(d) ? INFINITY : d; });
  return most;
}

double mean_difference(const Picture &a, const Picture &b) {
  double sum = 0;
  long count = 0;
  each(a, b, [&](double d) { sum += d, count++; });
  return sum / static_cast<double>(count);
}

bool same(const Picture &a, const Picture &b) {
  for (int y = 0; y < a.form.height; y++) {
    if (a.row(a.form.y1 + y) != b.row(b.form.y1 + y)) return false;
  }
  return true;
}

static bool is_mapped(const std::string &name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(name) != std::string::npos) return true;
  }
  return false;
}

// What a host does that lists its plug-ins.
static Node scan(const std::string &bundle) {
  const auto started = std::chrono::steady_clock::now();
  const Node node(bundle);
  check(node.load() == kOfxStatOK, "loading failed");
  const auto filter = node.described("OfxImageEffectContextFilter");
  check(node.call("OfxActionUnload") == kOfxStatOK, "unloading failed");
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - started;
  std::cout << "scan: " << took.count() << " ms" << std::endl;
  check(!is_mapped("libonnxruntime"), "a scan loaded ONNX Runtime");
  check(!is_mapped(".onnx"), "a scan loaded a network");
  check(filter->clips.size() == 2, "the context Filter has two clips");
  check(filter->parameters.size() > 20, "controls are missing");
  check(filter->properties.integer("OfxImageEffectPropRenderQualityDraft") == 1,
        "Natron keeps drafts as final frames");
  return node;
}

}  // namespace strict

int main(int count, char **arguments) {
  using namespace strict;
  check(count >= 3, "usage: ofx_host BUNDLE PHOTO.ppm [CASE...]");
  const std::string bundle = arguments[1], photo = arguments[2];
  const std::set<std::string> wanted(arguments + 3, arguments + count);
  const Node node = scan(bundle);
  check(node.load() == kOfxStatOK, "loading again failed");
  const Engine engine(bundle);
  const Bench bench{node, engine};
  const std::vector<std::pair<std::string, std::function<void()>>> cases = {
      {"pixels", [&] { pixels(bench); }},     {"windows", [&] { windows(bench); }},
      {"inputs", [&] { inputs(bench); }},     {"hostile", [&] { hostile(bench); }},
      {"projects", [&] { projects(bench); }},
      {"failures", [&] { failures(bench); }}, {"threads", [&] { threads(bench); }},
      {"looks", [&] { looks(bench); }},       {"steady", [&] { steady(bench); }},
      {"flicker", [&] { flicker(bench, photo); }},
      {"flicker-table", [&] { flicker_table(bench, photo); }},
      {"speed", [&] { speed(bench); }},
  };
  for (const auto &[name, run] : cases) {
    const bool only_prints = name == "speed" || name == "flicker-table";
    if (wanted.empty() ? only_prints : wanted.count(name) == 0) continue;
    const auto started = std::chrono::steady_clock::now();
    run();
    for (const auto &wrong : host().wrongs) std::cerr << "the node " << wrong << std::endl;
    check(host().wrongs.empty(), "the node did what the standard does not allow");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::cout << name << ": passed in " << took.count() << " s" << std::endl;
  }
  return 0;
}
