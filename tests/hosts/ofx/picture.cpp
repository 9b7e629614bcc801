#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "host.hpp"

namespace strict {

int Form::channels() const {
  return components == Components::Rgba ? 4 : components == Components::Rgb ? 3 : 1;
}

int Form::sample() const { return depth == Depth::Byte ? 1 : depth == Depth::Float ? 4 : 2; }

Picture::Picture(Form given) : form(given) {
  // The last row in memory has no gap behind it.
  bytes.assign(static_cast<size_t>(form.stride() * (form.height - 1) + form.row()), 0xa5);
  bytes.shrink_to_fit();
}

unsigned char *Picture::pixel(int x, int y) {
  const long from_bottom = y - form.y1;
  const long row = form.is_top_down ? form.height - 1 - from_bottom : from_bottom;
  return bytes.data() + row * form.stride() +
         static_cast<long>(x - form.x1) * form.channels() * form.sample();
}

const unsigned char *Picture::pixel(int x, int y) const {
  return const_cast<Picture *>(this)->pixel(x, y);
}

static double from_half(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const double sign = bits >> 15 ? -1 : 1, fraction = bits & 1023;
  if (exponent == 31) {
    return fraction > 0 ? std::numeric_limits<double>::quiet_NaN() : sign * INFINITY;
  }
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

static uint16_t to_half(double value) {
  if (std::isnan(value)) return 0x7e00;
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double size = std::fabs(value);
  if (size >= 65520) return sign | 0x7c00;
  int exponent = 0;
  std::frexp(size, &exponent);
  exponent = std::max(exponent, -13);
  const long fraction = std::lrint(std::ldexp(size, 11 - exponent));
  if (fraction < 1024) return static_cast<uint16_t>(sign | fraction);
  // A fraction that was rounded up to 2048 carries into the exponent.
  return static_cast<uint16_t>(sign | (((exponent + 14) << 10) + (fraction - 1024)));
}

double Picture::get(int x, int y, int channel) const {
  if (channel >= form.channels()) throw std::out_of_range("a picture has no such channel");
  const unsigned char *at = pixel(x, y) + channel * form.sample();
  uint16_t two = 0;
  float four = 0;
  switch (form.depth) {
    case Depth::Byte: return *at / 255.0;
    case Depth::Short: std::memcpy(&two, at, 2); return two / 65535.0;
    case Depth::Half: std::memcpy(&two, at, 2); return from_half(two);
    case Depth::Float: std::memcpy(&four, at, 4); return four;
  }
  return 0;
}

void Picture::put(int x, int y, int channel, double value) {
  unsigned char *at = pixel(x, y) + channel * form.sample();
  const double inside = std::fmin(std::fmax(value, 0), 1);
  const float four = static_cast<float>(value);
  uint16_t two = 0;
  switch (form.depth) {
    case Depth::Byte: *at = static_cast<unsigned char>(std::lrint(inside * 255)); break;
    case Depth::Short:
      two = static_cast<uint16_t>(std::lrint(inside * 65535));
      std::memcpy(at, &two, 2);
      break;
    case Depth::Half:
      two = to_half(value);
      std::memcpy(at, &two, 2);
      break;
    case Depth::Float: std::memcpy(at, &four, 4); break;
  }
}

std::vector<unsigned char> Picture::row(int y) const {
  const unsigned char *from = pixel(form.x1, y);
  return std::vector<unsigned char>(from, from + form.row());
}

}  // namespace strict
