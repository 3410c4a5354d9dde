package dev.palate.lab.data;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text that say what it is about, singular and plural as one. */
public final class Words {

  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}']*(-[\\p{L}']+)*");

  private static final Set<String> STOP_WORDS =
      Set.of(
          ("the and for that this with you are was were have has had not but they their them"
                  + " there from your his her she him its it's what which who will would can could"
                  + " should all any been being more some than then these those when where how why our"
                  + " out just don't does doesn't did didn't i'm i've i'd i'll it'll that's there's"
                  + " they're we're you're he's she's let's what's you've we've also into about"
                  + " because very much many such only other one two get got like make made way even"
                  + " most may might must let say said see too yes own over after before here while"
                  + " both each few same now never ever still off per isn't can't won't cannot aren't"
                  + " wasn't weren't haven't hasn't hadn't wouldn't couldn't shouldn't without within"
                  + " through between another someone something anything everything anyone everyone"
                  + " nothing going goes gone come came use used using take took taken want need know"
                  + " think really well back upon though although however whether either neither nor"
                  + " yet every several around since until again down once had's often always himself"
                  + " herself itself themselves myself yourself whose whom less least lot put puts"
                  + " keep kept seem seems seemed thing things able quite rather instead therefore"
                  + " thus else doing done having makes gets given give gives")
              .split(" "));

  private Words() {}

  /** Every word once, as its {@link #stem}; stop words are left out. */
  public static Set<String> stems(String text) {
    Set<String> stems = new HashSet<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT).replace('’', '\''));
    while (matcher.find()) {
      String word = matcher.group();
      String stem = stem(word);
      if (stem.length() > 2 && !STOP_WORDS.contains(word) && !STOP_WORDS.contains(stem)) {
        stems.add(stem);
      }
    }
    return stems;
  }

  /** The singular of a regular English plural (Harman's S stemmer), without a possessive 's. */
  public static String stem(String word) {
    String bare = cut(cut(word, "'"), "'s");
    if (bare.length() < 4 || !bare.endsWith("s") || ends(bare, "ss", "us", "is", "news")) {
      return bare;
    }
    if (bare.endsWith("ies")) {
      return bare.length() == 4 || ends(bare, "aies", "eies")
          ? cut(bare, "s")
          : cut(bare, "ies") + "y";
    }
    return cut(bare, ends(bare, "sses", "xes", "zzes", "ches", "shes") ? "es" : "s");
  }

  private static boolean ends(String word, String... endings) {
    for (String ending : endings) {
      if (word.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  private static String cut(String word, String ending) {
    return word.endsWith(ending) ? word.substring(0, word.length() - ending.length()) : word;
  }
}
