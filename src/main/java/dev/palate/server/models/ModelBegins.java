package dev.palate.server.models;

import dev.palate.core.runtime.LiveModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.stereotype.Component;

/**
 * Has the model begin to load before anything else that takes long: the web server's filters are
 * made next, and they need the database. Made later, the model would be what the start waits for at
 * its end.
 */
@Component
final class ModelBegins implements WebServerFactoryCustomizer<ServletWebServerFactory> {

  private final ObjectProvider<LiveModel> model;

  ModelBegins(ObjectProvider<LiveModel> model) {
    this.model = model;
  }

  /** Sets nothing: whoever makes a {@link LiveModel} makes it load. */
  @Override
  public void customize(ServletWebServerFactory factory) {
    model.getIfAvailable();
  }
}
