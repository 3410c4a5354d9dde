package dev.palate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service, or a command of the command line. */
@SpringBootApplication
public class PalateApplication {

  public static void main(String[] args) {
    SpringApplication.run(PalateApplication.class, args);
  }
}
