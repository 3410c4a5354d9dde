package dev.palate.lab.sets;

import dev.palate.core.taste.LabelMargin;
import java.util.List;

/** The experts' margins of pairs, first response less second. */
@FunctionalInterface
interface MarginSource extends AutoCloseable {

  /** One margin a pair. */
  List<LabelMargin> of(List<TextPair> pairs);

  @Override
  default void close() {}
}
