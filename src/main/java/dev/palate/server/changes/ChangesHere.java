package dev.palate.server.changes;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * This replica's own changes take effect in it before they are acknowledged, without the way
 * through the database.
 */
@Component
class ChangesHere {

  private final ApplicationEventPublisher events;

  ChangesHere(ApplicationEventPublisher events) {
    this.events = events;
  }

  /** However the transaction ended: a commit whose answer was lost may be one. */
  @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION, fallbackExecution = true)
  void on(LabelsChanged change) {
    events.publishEvent(new UserChanged(UserDigest.of(change.user()), false));
  }

  @EventListener
  void on(WeightsSolved solved) {
    events.publishEvent(new UserChanged(UserDigest.of(solved.user()), false));
  }

  @EventListener
  void on(UserErased erased) {
    events.publishEvent(new UserChanged(UserDigest.of(erased.user()), true));
  }
}
