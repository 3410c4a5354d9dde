package dev.palate.scoring;

import static org.assertj.core.api.Assertions.assertThat;

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
