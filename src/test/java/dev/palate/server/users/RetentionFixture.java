package dev.palate.server.users;

import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.server.adaptation.ServiceTest;
import dev.palate.server.bulk.BulkSolves;
import dev.palate.server.bulk.BulkStart;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

/** Texts are dropped after a day, when a test says so. */
@TestPropertySource(properties = "palate.retention.label-texts=1d")
abstract class RetentionFixture extends ServiceTest {

  static final String NEXT = "ffff0000";

  @Autowired RetentionJob job;
  @Autowired Retention retention;
  @Autowired BulkSolves bulks;
  @Autowired BulkStart bulk;
  @Autowired Scheduler scheduler;
  @Autowired TransactionTemplate transaction;
  @Autowired MeterRegistry meters;

  /** The sweep comes when a test calls it. */
  @BeforeEach
  void quiet() {
    jdbc.sql(
            """
            update scheduled_tasks set execution_time = now() + interval '1 day'
            where task_name = 'retention'
            """)
        .update();
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    jdbc.sql("delete from users").update();
    jdbc.sql("delete from bulk_solve").update();
  }

  void age(String... labels) {
    jdbc.sql(
            """
            update label set created_at = created_at - interval '25 hours'
            where user_id = ? and label_id = any (?)
            """)
        .param(user)
        .param(labels)
        .update();
  }

  List<String> withTexts() {
    return jdbc.sql("select label_id from label where prompt is not null order by id")
        .query((row, n) -> row.getString(1))
        .list();
  }
}
