package dev.palate.lab.controlled;

import java.util.Locale;

/** The study's tables, in the order of printing. */
enum Experiment {
  GROUPS(
      "Hidden groups",
      """
      Each group has its own region of prompts and its own direction; the directions of any two \
      groups have cosine 0.5. Accuracy is that of all experts together on fresh pairs; the ceiling \
      is the share of true labels. A group counts as recovered if its matched expert holds more \
      than half of it and it is more than half of what that expert holds. Purity lets several \
      experts share a group. Usage is the mean routing weight; an expert is dead below 0.2/K.\
      """),
  ALIKE(
      "Groups that are alike",
      "The same with directions of cosine 0.9: the groups agree on most pairs of responses."),
  TASTE(
      "Users of mixed taste who differ much",
      """
      A user's direction is 30 % that of the prompt's group and 70 % a mixture of all groups' that \
      is the user's own; the groups' directions have cosine 0. Experts and prior are learned from \
      other users; new users show n labels and are judged on 100 others. Before: the router alone. \
      The oracle knows the user's own direction. Worst decile: mean accuracy of the tenth of users \
      who fare worst.\
      """),
  TASTE_ALIKE(
      "Users of mixed taste who differ little",
      "The same with a mixture of 50 %, and groups' directions of cosine 0.5."),
  RIDGE(
      "Users of mixed taste who differ little, without a learned prior",
      "The same experts and users; each shift's prior is normal with standard deviation 1."),
  STEERING(
      "Steering by one expert",
      """
      All weight on one expert, and the best of 16 responses is picked. Attribute g is what group \
      g alone cares for, with mean 0 and standard deviation 1 over responses. Own attribute: the \
      mean of it in what the matched expert picks; other attributes: the mean of the others; \
      common part: of what all groups care for. The last column counts the experts whose own \
      attribute is the largest.\
      """),
  MATRIX_GROUPS(
      "What each expert picks, cosine 0.5", "Our losses, seed 1: mean attribute of the picked."),
  MATRIX_ALIKE(
      "What each expert picks, cosine 0.9", "Our losses, seed 1: mean attribute of the picked."),
  EXPERTS("How many experts", "Our losses on groups of cosine 0.9, with other K."),
  STRENGTHS(
      "How strong the regularizers",
      "Groups of cosine 0.9; one strength changed at a time, the others as in our losses.");

  private final String title;
  private final String about;

  Experiment(String title, String about) {
    this.title = title;
    this.about = about;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Results results(Results.Gathering figures) {
    return new Results(id(), title, about, figures.rows());
  }
}
