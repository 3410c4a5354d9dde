package dev.palate.server.security;

import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Asks of every caller what the route {@link Needs}, when Spring MVC has found the handler and
 * before it reads the body. The rule stands on the handler itself, so that no spelling of a path
 * leads round it; that there is a caller at all, the filters before have seen to.
 */
@Component
class ScopeInterceptor implements HandlerInterceptor {

  private static final String OURS = "dev.palate.";
  private static final String USERS = "/users/";

  private final Callers callers;

  ScopeInterceptor(Callers callers) {
    this.callers = callers;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!callers.areKnown()
        || request.getDispatcherType() != DispatcherType.REQUEST
        || !(handler instanceof HandlerMethod method)
        || !method.getBeanType().getName().startsWith(OURS)) {
      return true;
    }
    Needs needs = method.getMethodAnnotation(Needs.class);
    if (needs == null) {
      throw new ProblemException(ErrorCode.NOT_FOUND, "Nothing is served at this path");
    }
    Caller caller = callers.current();
    try {
      check(caller, needs, user(request));
    } catch (ProblemException refused) {
      audit(request, method, refused.code().status().value());
      throw refused;
    }
    return true;
  }

  private static void check(Caller caller, Needs needs, @Nullable String user) {
    if (user != null && !caller.reach().covers(user)) {
      throw Callers.unseen();
    }
    boolean own =
        user != null
            && caller.reach().isOnly(user)
            && Arrays.stream(needs.orOwn()).anyMatch(caller::has);
    if (!caller.has(needs.value()) && !own) {
      throw new ProblemException(
          ErrorCode.FORBIDDEN,
          "This needs a key with the scope '%s'".formatted(needs.value().word()));
    }
    if (user == null && needs.value() == Scope.ADMIN && !caller.reach().isEveryone()) {
      throw new ProblemException(
          ErrorCode.FORBIDDEN, "This needs a key that is bound to no user and to no prefix");
    }
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception ex) {
    if (request.getDispatcherType() == DispatcherType.REQUEST
        && handler instanceof HandlerMethod method) {
      audit(request, method, response.getStatus());
    }
  }

  private void audit(HttpServletRequest request, HandlerMethod method, int status) {
    Needs needs = method.getMethodAnnotation(Needs.class);
    if (needs != null && needs.value() == Scope.ADMIN) {
      Operation operation = method.getMethodAnnotation(Operation.class);
      String act =
          operation == null || operation.operationId().isEmpty()
              ? method.getMethod().getName()
              : operation.operationId();
      Audit.line(request, callers.current(), act, variables(request), status);
    }
  }

  /** The user of a route below {@code /users/{id}}; null: the route is nobody's. */
  private static @Nullable String user(HttpServletRequest request) {
    Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    String route = String.valueOf(pattern);
    if (!route.startsWith(USERS)) {
      return null;
    }
    String user = variables(request).get("id");
    if (user == null) {
      throw new IllegalStateException("A route below /users names its user {id}: " + route);
    }
    return user;
  }

  private static Map<String, String> variables(HttpServletRequest request) {
    Map<String, String> variables = new TreeMap<>();
    if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
        instanceof Map<?, ?> found) {
      found.forEach((name, value) -> variables.put(name.toString(), value.toString()));
    }
    return variables;
  }
}
