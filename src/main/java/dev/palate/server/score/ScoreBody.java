package dev.palate.server.score;

import dev.palate.core.model.Prompt;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;
import org.springframework.web.bind.MethodArgumentNotValidException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code POST /score}. A request that is plainly good, a text for a prompt and all within the
 * limits, is read token by token, by the parser that all JSON is read by: a cached score costs so
 * little that what a {@code @RequestBody} costs shows. Any other, the bad among them, is read again
 * as every other body is, so that it is understood or refused by the one set of rules.
 */
@Component
final class ScoreBody {

  private final JsonMapper json;
  private final JacksonJsonHttpMessageConverter converter;
  private final SpringValidatorAdapter validator;

  ScoreBody(JsonMapper json, Validator validator) {
    this.json = json;
    this.converter = new JacksonJsonHttpMessageConverter(json);
    this.validator = new SpringValidatorAdapter(validator);
  }

  /**
   * @param reader whose request it is, for the exceptions
   * @throws HttpMessageNotReadableException if it is not JSON of this form
   * @throws MethodArgumentNotValidException if it breaks a rule of {@link ScoreRequest}
   */
  ScoreRequest read(HttpServletRequest request, MethodParameter reader)
      throws MethodArgumentNotValidException {
    Body body = body(request);
    ScoreRequest plain = isUtf8(request.getContentType()) ? plain(body.bytes) : null;
    return plain == null ? byTheRules(body, reader) : plain;
  }

  private static boolean isUtf8(@Nullable String contentType) {
    return contentType != null
        && (contentType.equalsIgnoreCase("application/json")
            || contentType.equalsIgnoreCase("application/json;charset=UTF-8")
            || contentType.equalsIgnoreCase("application/json; charset=UTF-8"));
  }

  private static Body body(HttpServletRequest request) {
    HttpInputMessage unread = new ServletServerHttpRequest(request);
    try {
      InputStream in = request.getInputStream();
      int length = request.getContentLength();
      return new Body(unread.getHeaders(), length < 0 ? in.readAllBytes() : in.readNBytes(length));
    } catch (IOException e) {
      throw new HttpMessageNotReadableException("The body could not be read", e, unread);
    }
  }

  private record Body(HttpHeaders headers, byte[] bytes) implements HttpInputMessage {
    @Override
    public InputStream getBody() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }

  /** Null: not plainly good. */
  @Nullable ScoreRequest plain(byte[] body) {
    try (JsonParser in = json.createParser(body)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      String user = null;
      String prompt = null;
      List<String> responses = null;
      Boolean explain = null;
      Boolean truncate = null;
      for (String name = in.nextName(); name != null; name = in.nextName()) {
        boolean good =
            switch (name) {
              case "user" -> (user = text(in)) != null;
              case "prompt" -> (prompt = text(in)) != null;
              case "responses" -> (responses = texts(in)) != null;
              case "explain" -> (explain = in.nextBooleanValue()) != null;
              case "truncate" -> (truncate = in.nextBooleanValue()) != null;
              default -> false;
            };
        if (!good) {
          return null;
        }
      }
      boolean whole = in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null;
      return whole && prompt != null && responses != null
          ? new ScoreRequest(user, new Prompt(prompt), responses, explain, truncate)
          : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable String text(JsonParser in) {
    String text = in.nextStringValue();
    return text == null || text.length() > Limits.TEXT ? null : text;
  }

  private static @Nullable List<String> texts(JsonParser in) {
    if (in.nextToken() != JsonToken.START_ARRAY) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (String text = text(in); text != null; text = text(in)) {
      texts.add(text);
    }
    boolean whole = in.currentToken() == JsonToken.END_ARRAY;
    return whole && !texts.isEmpty() && texts.size() <= Limits.RESPONSES ? texts : null;
  }

  private ScoreRequest byTheRules(Body body, MethodParameter reader)
      throws MethodArgumentNotValidException {
    Object read = null;
    if (body.bytes.length > 0) {
      try {
        read = converter.read(ScoreRequest.class, body);
      } catch (IOException e) {
        throw new HttpMessageNotReadableException("The body could not be read", e, body);
      }
    }
    if (!(read instanceof ScoreRequest request)) {
      throw new HttpMessageNotReadableException("The body is missing", body);
    }
    BeanPropertyBindingResult errors = new BeanPropertyBindingResult(request, "scoreRequest");
    validator.validate(request, errors);
    if (errors.hasErrors()) {
      throw new MethodArgumentNotValidException(reader, errors);
    }
    return request;
  }
}
