package dev.palate;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * By {@link Order}, and of those without one the classes first that take turns at what they share:
 * begun last, they would run one after another beside nobody.
 */
public final class TurnTakersFirst implements ClassOrderer {

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.comparingInt(TurnTakersFirst::order)
                .thenComparing(TurnTakersFirst::takesTurns, Comparator.reverseOrder()));
  }

  private static int order(ClassDescriptor test) {
    return test.findAnnotation(Order.class).map(Order::value).orElse(Order.DEFAULT);
  }

  private static boolean takesTurns(ClassDescriptor test) {
    return !test.findRepeatableAnnotations(ResourceLock.class).isEmpty();
  }
}
