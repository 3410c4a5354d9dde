package dev.palate.lab.sets;

import java.util.Locale;

/** The halves of a set: A may choose between models, B only reports. A pair is in A or in B. */
enum Half {
  A,
  B,
  BOTH;

  boolean includes(Half pairsHalf) {
    return this == BOTH || this == pairsHalf;
  }

  /** As the option is typed. */
  String option() {
    return this == BOTH ? name().toLowerCase(Locale.ROOT) : name();
  }
}
