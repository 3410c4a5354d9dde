package dev.palate.server.security;

import java.util.List;
import java.util.Locale;

/**
 * By which names the service may be called where it knows no callers. A page in a browser on this
 * machine may give its own name the address 127.0.0.1 (DNS rebinding) and would then be of one
 * origin with us; its name gives it away.
 */
final class HostNames {

  private final boolean any;
  private final List<String> more;

  private HostNames(boolean any, List<String> more) {
    this.any = any;
    this.more = more.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** Every name where callers are known; else those of loopback and the ones in the settings. */
  static HostNames of(SecuritySettings settings) {
    return new HostNames(settings.mode() != SecurityMode.NONE, settings.allowedHosts());
  }

  boolean allows(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return any
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
        || name.equals("::1")
        || name.equals("[::1]")
        || name.equals("0:0:0:0:0:0:0:1")
        || name.equals("[0:0:0:0:0:0:0:1]")
        || more.contains(name);
  }
}
