package dev.palate.platform;

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
    if (environment != null) {
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
      throw new NotLoopbackException(property, address);
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
