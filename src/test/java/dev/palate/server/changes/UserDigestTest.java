package dev.palate.server.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDigestTest {

  private static final String FIRST = "00000000000000010000000000000002";
  private static final String SECOND = "ffffffffffffffff0000000000000003";

  @Test
  void aNotificationNamesAllItsUsers() {
    assertThat(UserDigest.parseAll(FIRST + SECOND))
        .containsExactly(new UserDigest(1, 2), new UserDigest(-1, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", FIRST + "0", "0000000000000001000000000000000g", FIRST + "ffff"})
  void whatIsNoRowOfDigestsIsRefused(String hex) {
    assertThatIllegalArgumentException().isThrownBy(() -> UserDigest.parseAll(hex));
  }
}
