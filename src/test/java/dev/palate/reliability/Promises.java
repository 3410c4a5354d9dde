package dev.palate.reliability;

import static dev.palate.reliability.Promise.of;

import java.util.List;

/** All of them. {@link ReliabilityIT} makes docs/reliability.md of this list. */
final class Promises {

  static final List<Promise> ALL =
      List.of(
          of(
              1,
              "Embeddings are those of the published encoder: of ONNX Runtime on the same weights, to 1e-5 in fp32 and 2e-2 in bf16, for odd texts too",
              "GoldenParityTest"),
          of(
              2,
              "A text scores the same alone and in any batch: 1e-5 in fp32, 2e-2 in bf16, the order of candidates never beyond ties",
              "BatchInvarianceTest",
              "RewardModelTest.anItemAloneScoresAsInACrowdInFp32"),
          of(
              3,
              "Input order is kept, permuted candidates have permuted scores, a user at the prior scores as nobody, contributions add up to 1e-6",
              "RewardModelTest.permutingTheResponsesPermutesTheirScores",
              "ScoreTest.aBatchAnswersInInputOrderEachWithItsId",
              "ScoreTest.aUserWithoutWeightsIsScoredAsNobody",
              "ScoreTest.contributionsAddUpToTheReward",
              "EndToEndTest.contributionsAddUpToTheReward"),
          of(
              4,
              "A text of the limit's tokens is read whole, one of a token more is truncated and says so, or is refused (422) where that is asked",
              "RewardModelTest.aTextAtTheLimitIsReadWholeAndOneTokenMoreIsTruncated",
              "RewardModelTest.aTextOverTheLimitIsRefusedWhereTruncationIsForbidden"),
          of(
              5,
              "A score that is no number is a 500 with its code and a metric; its neighbours succeed",
              "RewardModelTest.whatTheModelAnswersWithNaNIsNamedByItsItem",
              "ScoreTest.aScoreThatIsNoNumberIs500WithItsCode",
              "BatcherTest.aPoisonedSequenceFailsItsOwnCallAndNotItsNeighbours",
              "ScoreCacheTest.whatIsNotFiniteIsNeverRemembered"),
          of(
              6,
              "A remembered score equals a computed one bit for bit, and never serves another model version",
              "ScoreCacheTest.aHitEqualsAMissBitForBitAndANewModelVersionNeverSeesAnOldEntry"),
          of(
                  7,
                  "At three times the capacity: goodput at least 90 % of the peak, what is accepted in a stated time, the rest 503 with Retry-After within 50 ms, memory flat",
                  "OverloadIT",
                  "CallQueueTest.whatWouldTakeLongerIsRefused",
                  "TurnsTest.anAcceptedCallIsDoneWithinAFullQueueAndABatchForEachOfItsLengths",
                  "ScoreTest.aFullServerAnswers503AndWhenToComeBack")
              .except(
                  "the times in a build, which shares its machine: -Dpalate.chaos=full with OverloadIT holds them (by hand: p99 4,223 ms of 5,183 allowed, 1.00 of the peak, refusals within 14 ms)"),
          of(
              8,
              "A batch is admitted whole or refused whole; one larger than the queue is served when nothing waits; who left or is late is not computed, and counted",
              "BatcherTest.aFullQueueRefusesAtOnceAndWhole",
              "RewardModelTest.aRequestLargerThanTheWholeQueueIsServedWhenNothingWaits",
              "BatcherTest.whoseCallerLeftIsNotComputed",
              "BatcherTest.whatIsPastItsDeadlineIsNotComputed",
              "TurnsTest.aLargeCallDoesNotMakeASmallOneWaitForItsLast"),
          of(
              9,
              "Ready only after real forward passes; a damaged bundle, a wrong checksum, a GPU that is not there: does not start, and says why",
              "SurvivalIT.itRefusesAGpuThatIsNotThereAndSaysWhy",
              "RewardModelTest.aDamagedArchiveIsNotShownToTheEngine",
              "RewardModelTest.aDamagedHeadIsRefusedByItsName",
              "ModelLoadingTest.aModelThatCannotBeLoadedEndsTheStartByItsOwnException"),
          of(
              10,
              "SIGTERM under load: no 5xx and no broken answer for what was accepted; the jobs are handed back",
              "TerminationIT.askedToEndItAnswersWhatItHasAcceptedAndHandsBackItsJobs"),
          of(
              11,
              "A change of model under load: no error, each answer of one version; a bad bundle leaves the present one serving; the way back works",
              "ModelChangeTest",
              "ModelChangeRaceTest",
              "ServingModelsTest"),
          of(
              12,
              "10,000 forward passes from 8 threads leave resident memory and native arrays where they were",
              "SoakTest"),
          of(
              13,
              "202 means: after kill -9 of the service and of PostgreSQL the labels are there and the weights catch up",
              "CrashIT.killedRightAfterTheyAcknowledgedServiceAndDatabaseLoseNothingAndCatchUp",
              "SurvivalIT.killedBetweenFeedbackAndSolveItLosesNothingAndCatchesUp"),
          of(
              14,
              "One label set sent 50 times at once is stored once, with the same answers; the same id with other content is a 409 and nothing is stored",
              "CrashIT.aLabelSetSentFiftyTimesAtOnceIsStoredOnce",
              "CrashIT.ofFiftyContentsUnderOneIdSentAtOnceOneIsStoredWhole",
              "FeedbackTest.theSameLabelsSentFiftyTimesInParallelAreStoredOnce",
              "FeedbackTest.theSameIdWithOtherContentIsAConflictAndNothingIsStored"),
          of(
              15,
              "A label that commits at any step of a running solve is in the final weights",
              "AdaptationTest.aLabelThatCommitsWhileTheJobRunsIsInTheFinalWeights",
              "AdaptationTest.aLabelThatCommitsBetweenTheWriteAndTheEndOfTheJobIsInTheFinalWeights",
              "AdaptationTest.aLabelDeletedWhileTheJobRunsIsNotInTheFinalWeights"),
          of(
              16,
              "Two replicas and their PostgreSQL killed at random: every acknowledged label is there once, none that was never sent, weights equal a single-threaded reference bit for bit, nothing unsolved, no job left over",
              "CrashIT.whateverTheNemesisDoesEveryAcknowledgedLabelIsInTheWeightsOnce",
              "CheckerTest"),
          of(
              17,
              "The solver: the order of labels does not matter, a label twice is one of twice the strength, none is the prior, contradictions stay finite, the objective is never above the prior's, a slow reference agrees to 1e-8, a label never lowers its own likelihood",
              "TasteSolverTest",
              "SolverExactnessTest"),
          of(
              18,
              "Weights of one model version are never used with another; GET never goes back in version; ETag and 304",
              "ShiftCacheTest.weightsOfOneModelVersionAreNeverUsedWithAnother",
              "ExpertWeightsTest.anotherModelVersionDoesNotUseTheOldWeights",
              "ExpertWeightsTest.anUnchangedAnswerIs304AndAChangedOneIsNot",
              "ReplicasTest.afterAChangeOfModelTheOldOnesWeightsDoNotServe"),
          of(
              19,
              "Erasure takes labels, margins, weights, history, jobs and what is cached, on every replica; a running job brings nobody back",
              "AdaptationTest.erasureTakesAllThatIsTheUsers",
              "AdaptationTest.aRunningJobDoesNotBringAnErasedUserBack",
              "AdaptationTest.aUserWhoComesAgainWhileTheErasedOnesJobRunsHasOnlyTheNewLabels",
              "ReplicasTest.anErasedUserIsForgottenAtOnceHereAndSoonElsewhere",
              "PersonalDataTest"),
          of(
              20,
              "Database slow, cut or silent: anonymous scoring unaffected; a user's answers come from what is known or the prior, `stale`, within 200 ms more; feedback 503, never 500; liveness stays up",
              "OutageIT.withTheDatabaseCutOffScoresGoOnAndFeedbackIsPutOff",
              "OutageIT.withTheDatabaseInTroubleScoresGoOnAndFeedbackIsPutOff",
              "ShiftCacheTest.withTheDatabaseHangingAScoreIsHeldUpForLessThan200Ms",
              "KeyVerifierTest.aKnownKeyDoesNotWaitForADatabaseThatHangs"),
          of(
              21,
              "Cut in the middle of a commit: a retry gives exactly one label set; every connection taken by feedback: scoring goes on",
              "CommitIT.cutAtTheCommitARetryGivesExactlyOneLabelSet",
              "OutageIT.withEveryConnectionTakenByFeedbackScoresGoOnPersonalOnesToo"),
          of(
                  22,
                  "A clock that jumps an hour either way loses no job and runs none for ever",
                  "ClockJumpTest",
                  "CrashIT.aRolloutUnderLoadLosesNothingAndShowsNoErrors")
              .except(
                  "an old version beside the new one on the migrated schema, which takes a jar of the"
                      + " old one: -Dpalate.chaos.other-jar=PATH with CrashIT (docs/operations.md)"),
          of(
              23,
              "Every route of the OpenAPI document by no key, a bad key, another user's key, the wrong scope, the right one",
              "AuthorizationMatrixTest",
              "KeyLifeCycleTest",
              "JwtTest"),
          of(
              24,
              "Huge, deep, compressed, doubled, misspelt, mistyped: a 4xx problem; 10,000 requests made from the OpenAPI document: no 5xx, every answer as described",
              "OpenApiFuzzTest",
              "BadInputTest",
              "BadFeedbackTest"),
          of(
              25,
              "No prompt, response or key in the log over the whole suite, no stack trace in an answer; health alone is open",
              "LogsTest.noKeyAndNoTextIsLogged",
              "LogGuardTest",
              "BadInputTest.aProblemQuotesNoText",
              "AuthorizationMatrixTest.onlyHealthAndTheStudiosFilesAreOpen"),
          of(
              26,
              "Beyond loopback it does not start without authentication; bundles are checked by hash before the engine sees them",
              "SecuritySetupTest.beyondLoopbackItNeedsAuthentication",
              "SurvivalIT.itRefusesToListenBeyondLoopbackWithoutAuthentication",
              "RewardModelTest.aDamagedArchiveIsNotShownToTheEngine"),
          of(
                  27,
                  "The chart: probes, PDB, HPA, NetworkPolicy, ServiceMonitor, resources, non-root and read-only pods, secrets kept across upgrades",
                  "PodTest",
                  "ScalingTest",
                  "ExposureTest",
                  "UpgradeTest",
                  "MatrixTest",
                  "ServiceSettingsTest")
              .except("the image, where no container engine works"));

  private Promises() {}
}
