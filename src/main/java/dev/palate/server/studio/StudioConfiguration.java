package dev.palate.server.studio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the page at {@code /} and its files below {@code /studio/}, from the class path. {@code
 * palate.studio.enabled=false}: neither is there.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = StudioPaths.ENABLED, matchIfMissing = true)
class StudioConfiguration {

  @Bean
  WebMvcConfigurer studio() {
    return new WebMvcConfigurer() {
      @Override
      public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController(StudioPaths.PAGE).setViewName("forward:/studio/index.html");
      }

      @Override
      public void addResourceHandlers(ResourceHandlerRegistry registry) {
        Map<String, String> tags = new ConcurrentHashMap<>();
        // A jar's dates are those of its source: what a file holds tells whether it changed
        registry
            .addResourceHandler(StudioPaths.FILES)
            .addResourceLocations("classpath:/studio/")
            .setCacheControl(CacheControl.noCache())
            .setUseLastModified(false)
            .setEtagGenerator(file ->
                tags.computeIfAbsent(String.valueOf(file.getFilename()), name -> tag(file)));
      }
    };
  }

  /** Weak: what is sent may be compressed. */
  private static String tag(Resource file) {
    try {
      byte[] digest = DigestUtils.md5Digest(file.getContentAsByteArray());
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 8) + "\"";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
