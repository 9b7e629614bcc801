// What is tested, case by case.
#pragma once

#include "node.hpp"

namespace strict {

struct Bench {
  const Node &node;
  const Engine &engine;
};

// Rings and waves over all colours, the finer the larger `step` is; `shift` moves them along x.
std::shared_ptr<Picture> scene(Form form, double shift = 0, bool has_alpha = false,
                               double step = 6);

// The largest difference of two pictures of one size, over all channels.
double most_difference(const Picture &a, const Picture &b);
double mean_difference(const Picture &a, const Picture &b);
bool same(const Picture &a, const Picture &b);

void pixels(const Bench &bench);      // depths, components, memory layouts, alpha
void windows(const Bench &bench);     // windows, bounds, proxies
void inputs(const Bench &bench);      // styles, masks, colour, identity
void hostile(const Bench &bench);     // nonsense, missing suites and properties, any order
void projects(const Bench &bench);    // what projects keep, controls, copies of instances
void failures(const Bench &bench);    // what cannot be painted, aborting
void threads(const Bench &bench);     // many instances at once
void looks(const Bench &bench);       // locked and smoothed looks
void steady(const Bench &bench);      // what steadying leaves alone
void flicker(const Bench &bench, const std::string &photo);

// Print figures: how much flickers in motions of all kinds, and the node's own cost.
void flicker_table(const Bench &bench, const std::string &photo);
void speed(const Bench &bench);

}  // namespace strict
