package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.lab.cards.CardPhrasing;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that let a language model put the counted cards into better words. */
public final class PhrasingOptions {

  private static final String KEY = "PALATE_CARDS_API_KEY";

  @Option(
      names = "--phrase-cards-with",
      paramLabel = "URL",
      converter = Endpoint.class,
      description =
          "An OpenAI-compatible endpoint that phrases the experts' cards from what was counted;"
              + " its key, if it wants one, in the environment variable "
              + KEY
              + ". Texts of the data are not sent, some words of them are.")
  private @Nullable URI endpoint;

  @Option(
      names = "--phrase-model",
      paramLabel = "NAME",
      description = "The endpoint's model; default: its own.")
  private String model = "";

  /** Takes a base address, one that ends in /v1, or the whole one of chat completions. */
  public static final class Endpoint implements ITypeConverter<URI> {
    private static final String PATH = "/chat/completions";

    @Override
    public URI convert(String value) {
      String base = value.replaceFirst("/+$", "");
      if (!base.matches("https?://[^/\\s].*")) {
        throw new TypeConversionException("'" + value + "' is no http or https address");
      }
      String whole = base.endsWith(PATH) ? base : base.replaceFirst("/v1$", "") + "/v1" + PATH;
      try {
        return URI.create(whole);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + value + "' is no http or https address");
      }
    }
  }

  /** The bundle with phrased cards; as it is where no endpoint is set. */
  Bundle phrased(Bundle bundle, PrintWriter print) {
    if (endpoint == null) {
      return bundle;
    }
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      CardPhrasing phrasing = new CardPhrasing(client, endpoint, model, System.getenv(KEY));
      return bundle.withExperts(phrasing.phrase(bundle.experts(), print::println));
    }
  }
}
