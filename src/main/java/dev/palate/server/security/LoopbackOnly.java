package dev.palate.server.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Without authentication the service listens on loopback alone. Checked before any bean is made, so
 * that nothing is started for nothing.
 */
@Component
class LoopbackOnly implements BeanFactoryPostProcessor, EnvironmentAware {

  private @Nullable Environment environment;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    if (environment != null && SecurityMode.of(environment) == SecurityMode.NONE) {
      check(environment);
    }
  }

  static void check(Environment environment) {
    String address = environment.getProperty("server.address", "");
    require("server.address", address);
    // Unset, the management port listens where the service does
    require(
        "management.server.address", environment.getProperty("management.server.address", address));
  }

  private static void require(String property, String address) {
    if (!isLoopback(address.strip())) {
      throw new SecuritySetupException(
          "'%s' is '%s', which is not a loopback address, and 'palate.security.mode' is none."
              .formatted(property, address),
          """
          Anyone who reaches the service could read and erase every user's labels. Set \
          palate.security.mode=api-key (PALATE_SECURITY_MODE; make a key with 'java -jar palate.jar key \
          create', or give the first one in PALATE_ADMIN_KEY), or palate.security.mode=jwt with \
          spring.security.oauth2.resourceserver.jwt.issuer-uri. Or listen on loopback: \
          server.address=127.0.0.1, the default.\
          """);
    }
  }

  /** Whether all addresses behind the name are loopback; an empty one means every interface. */
  static boolean isLoopback(String address) {
    if (address.isEmpty()) {
      return false;
    }
    try {
      return Arrays.stream(InetAddress.getAllByName(address))
          .allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
