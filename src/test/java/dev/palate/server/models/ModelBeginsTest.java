package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.score.WebTest;
import dev.palate.server.score.WebTestConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ModelBeginsTest extends WebTest {

  @Autowired WebTestConfiguration.StartOrder order;

  /** Of the real model's start, the first thing is that it loads on a thread of its own. */
  @Test
  void theModelBeginsToLoadBeforeTheFiltersWhichWaitForTheDatabase() {
    assertThat(order.modelBeforeFilters()).isTrue();
  }
}
