package dev.palate.server.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Present only where {@code palate.security.mode} is this one. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnSecurityMode.Mode.class)
public @interface ConditionalOnSecurityMode {

  SecurityMode value();

  /**
   * Binds the mode as the rest does, so that no spelling of it is seen by one and not the other.
   */
  final class Mode implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      @Nullable Map<String, @Nullable Object> attributes =
          metadata.getAnnotationAttributes(ConditionalOnSecurityMode.class.getName());
      return attributes != null
          && SecurityMode.of(context.getEnvironment()) == attributes.get("value");
    }
  }
}
