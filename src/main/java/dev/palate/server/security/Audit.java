package dev.palate.server.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One line for each act of an admin and each erasure, done or refused, by the logger {@code
 * palate.audit}: who, what, on what, with which outcome, in which request. The fields are
 * structured where the log is; the text holds them too. Never a secret, never a text.
 */
public final class Audit {

  private static final Logger log = LoggerFactory.getLogger("palate.audit");
  private static final String OBJECT = Audit.class.getName() + ".object";

  private Audit() {}

  /** Names what a request without it in its path was about. */
  public static void object(HttpServletRequest request, String object) {
    request.setAttribute(OBJECT, object);
  }

  static void line(
      HttpServletRequest request,
      Caller caller,
      String act,
      Map<String, String> pathVariables,
      int status) {
    Object named = request.getAttribute(OBJECT);
    String object = named == null ? String.join("/", pathVariables.values()) : named.toString();
    String outcome = status < 400 ? "done" : "refused";
    String id = MDC.get("request_id");
    log.atInfo()
        .addKeyValue("actor", caller.id())
        .addKeyValue("act", act)
        .addKeyValue("object", object)
        .addKeyValue("outcome", outcome)
        .addKeyValue("status", status)
        .log(
            "{} {} by {}: {} ({}), request {}",
            act,
            printable(object),
            printable(caller.id()),
            outcome,
            status,
            id);
  }

  /** A path may hold a line break; a line of the log holds none but its own. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
