#include <chrono>
#include <iostream>
#include <thread>

#include "cases.hpp"

namespace strict {

static const Form FORM{0, 0, 64, 48, Depth::Float};

// The source comes through, the status says failed, a message says why; the next success takes it
// away.
static void passes_through(const Bench &bench) {
  Instance instance(bench.node);
  const auto source = scene(FORM, 0, true);
  instance.connect("Source", source);
  const auto expect = [&](const std::string &words) {
    Picture output(FORM);
    check(instance.render(output) == kOfxStatFailed, "it should fail: " + words);
    check(same(output, *source), "the source should come through: " + words);
    const auto &message = instance.effect.message;
    check(message.find(words) != std::string::npos, "no '" + words + "' in: " + message);
  };
  instance.choose("style", "A picture file");
  instance.effect.parameters["style_file"].text = "/no/such/100%s %n file.png";
  expect("100%s %n file.png");
  instance.choose("style", "Ink");
  instance.choose("device", "NVIDIA");
  expect("cuda");
  instance.choose("device", "The best");
  instance.number("memory", 1);
  Picture output(FORM);
  instance.render(output);
  instance.number("memory", 0);
  instance.choose("look", "Of a picture");
  expect("Look picture");
  instance.choose("look", "Each frame");
  instance.choose("style", "A picture file");
  instance.effect.parameters["style_file"].text = " ";
  expect("Choose one in Style file");
  instance.choose("style", "Ink");
  check(instance.render(output) == kOfxStatOK, "it paints again");
  check(instance.effect.message.empty(), "the message should be gone");
  // Depths that there are not.
  instance.connect("Source", [&](double) { return std::shared_ptr<Picture>(); });
  check(instance.render(output) == kOfxStatOK, "no source");
  check(output.get(5, 5, 0) == 0 && output.get(5, 5, 3) == 0, "no source is nothing");
}

// Hosts that keep no messages open a window for each: the same one is told once in a row.
static void windows_are_opened_once(const Bench &bench) {
  host().habits.missing_suites = {"OfxMessageSuite 2"};
  check(bench.node.load() == kOfxStatOK, "loading without kept messages");
  {
    Instance instance(bench.node);
    instance.connect("Source", scene(FORM));
    instance.choose("style", "A picture file");
    Picture output(FORM);
    for (int frame = 0; frame < 3; frame++) instance.render(output);
    check(instance.effect.messages == 1, "one window for one error");
    instance.choose("style", "Ink");
    check(instance.render(output) == kOfxStatOK, "it paints again");
    instance.choose("style", "A picture file");
    instance.render(output);
    check(instance.effect.messages == 2, "it is told again once it was well");
  }
  host().habits.missing_suites.clear();
  check(bench.node.load() == kOfxStatOK, "loading again");
}

// From the host's wish to the node's answer.
static void aborting(const Bench &bench) {
  const Form form{0, 0, 2400, 1600, Depth::Byte, Components::Rgb};
  Instance instance(bench.node);
  const auto source = scene(form);
  instance.connect("Source", source);
  instance.number("brush_size", 1);
  Picture output(form);
  instance.effect.is_aborted = true;
  check(instance.render(output) == kOfxStatOK && same(output, *source), "aborted before it began");
  instance.effect.is_aborted = false;
  std::chrono::steady_clock::time_point wished;
  std::thread user([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    wished = std::chrono::steady_clock::now();
    instance.effect.is_aborted = true;
  });
  check(instance.render(output) == kOfxStatOK, "an aborted frame is no failure");
  const auto ended = std::chrono::steady_clock::now();
  user.join();
  check(ended > wished, "it was painted before it was aborted: enlarge the picture");
  const std::chrono::duration<double> took = ended - wished;
  std::cout << "aborted within " << took.count() << " s" << std::endl;
  check(same(output, *source), "an aborted frame is the source");
  check(instance.effect.message.empty(), "aborting needs no message");
  instance.effect.is_aborted = false;
  const auto small = scene(FORM);
  instance.connect("Source", small);
  Picture next(FORM);
  check(instance.render(next) == kOfxStatOK && !same(next, *small), "the next frame is painted");
}

// Natron's progress answers no from threads that render, before its own task is there. Only
// `abort` ends a rendering.
static void progress_is_no_abort(const Bench &bench) {
  const Form form{0, 0, 2400, 1600, Depth::Byte, Components::Rgb};
  const auto source = scene(form);
  for (const OfxStatus answer : {kOfxStatReplyNo, kOfxStatErrBadHandle}) {
    host().habits.progress_answer = answer;
    Instance instance(bench.node);
    instance.connect("Source", source);
    instance.number("brush_size", 1);
    Picture output(form);
    check(instance.render(output) == kOfxStatOK && !same(output, *source),
          "progress that answers " + std::to_string(answer) + " left the frame unpainted");
  }
  host().habits.progress_answer = kOfxStatOK;
}

// The line of the last painting is written where the standard allows it.
static void status_line(const Bench &bench) {
  Instance instance(bench.node);
  instance.connect("Source", scene(FORM));
  Picture output(FORM);
  const auto line = [&] { return instance.effect.parameters["last_painting"].text; };
  check(line() == "Nothing painted yet", "the line at first: " + line());
  check(instance.render(output) == kOfxStatOK, "rendering failed");
  check(line() == "Nothing painted yet", "a parameter was set while rendering");
  Properties in;
  in.set("OfxPropType", {std::string("OfxTypeParameter")});
  in.set("OfxPropName", {std::string("show_last_painting")});
  in.set("OfxPropChangeReason", {std::string("OfxChangeUserEdited")});
  check(instance.call("OfxActionInstanceChanged", &in) == kOfxStatOK, "the button failed");
  check(line().rfind("cpu in ", 0) == 0, "the line should say device and time: " + line());
}

void failures(const Bench &bench) {
  passes_through(bench);
  windows_are_opened_once(bench);
  aborting(bench);
  progress_is_no_abort(bench);
  status_line(bench);
}

// Several instances at once, some of which change what others may use.
void threads(const Bench &bench) {
  const char *const styles[] = {"Ink", "Mosaic", "The Scream", "Woodcut"};
  const char *const names[] = {"ink", "mosaic", "the-scream", "woodcut"};
  std::vector<std::thread> all;
  std::vector<Picture> expected;
  for (int k = 0; k < 8; k++) {
    expected.push_back(bench.engine.paint(*scene(FORM, k * 50), names[k % 4]));
  }
  for (int k = 0; k < 8; k++) {
    all.emplace_back([&, k] {
      Instance instance(bench.node);
      instance.choose("style", styles[k % 4]);
      instance.connect("Source", scene(FORM, k * 50));
      for (int frame = 0; frame < 4; frame++) {
        Picture output(FORM);
        check(instance.render(output) == kOfxStatOK, "rendering in a thread failed");
        check(most_difference(output, expected[static_cast<size_t>(k)]) < 1e-4,
              "threads disturb each other");
        if (frame == 1) bench.node.call("OfxActionPurgeCaches");
      }
    });
  }
  for (auto &thread : all) thread.join();
}

}  // namespace strict
