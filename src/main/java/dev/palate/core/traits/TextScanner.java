package dev.palate.core.traits;

/**
 * Reads a text once, line by line: code, lists, headings, tables, paragraphs; what is prose goes to
 * {@link ProseScanner}. No regular expression: each character is looked at a few times at most, so
 * the time is linear in the length.
 */
final class TextScanner {

  private static final int TAB = 4;
  private static final int CODE_INDENT = 4;

  private final String text;
  private final TextCounts counts = new TextCounts();
  private final WordCounter words;
  private final ProseScanner prose;

  private boolean fenced;
  private boolean afterBlank = true;
  private boolean inList;
  private boolean codeBefore;

  private TextScanner(String text) {
    this.text = text;
    this.words = new WordCounter(counts, text.length());
    this.prose = new ProseScanner(text, counts, words);
  }

  static TextCounts scan(String text) {
    TextScanner scanner = new TextScanner(text);
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      scanner.line(start, end);
      start = end + 1;
    }
    scanner.words.finish();
    return scanner.counts;
  }

  private void line(int start, int end) {
    int from = start;
    int indent = 0;
    while (from < end && isSpace(text.charAt(from))) {
      indent += text.charAt(from) == '\t' ? TAB : 1;
      from++;
    }
    int to = end;
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    if (from == to) {
      words.sentenceEnd();
      afterBlank = true;
      return;
    }
    if (fence(from, to)) {
      fenced = !fenced;
      words.sentenceEnd();
    } else if (fenced || indentedCode(from, to, indent) || LineMarks.isCode(text, from, to)) {
      codeLine(from, to);
    } else {
      proseLine(from, to, indent);
    }
    afterBlank = false;
  }

  private boolean fence(int from, int to) {
    boolean mark = text.startsWith("```", from) || text.startsWith("~~~", from);
    return mark && text.indexOf(text.charAt(from), from + 3, to) < 0;
  }

  private boolean indentedCode(int from, int to, int indent) {
    codeBefore =
        indent >= CODE_INDENT
            && (afterBlank || codeBefore)
            && !inList
            && LineMarks.marker(text, from, to) == from;
    return codeBefore;
  }

  private void codeLine(int from, int to) {
    if (counts.wordsBeforeCode < 0) {
      counts.wordsBeforeCode = counts.proseWords;
    }
    words.sentenceEnd();
    counts.codeLines++;
    boolean inside = false;
    for (int i = from; i < to; i++) {
      boolean letter = Character.isLetterOrDigit(text.charAt(i));
      counts.words += letter && !inside ? 1 : 0;
      inside = letter;
    }
  }

  private void proseLine(int lineFrom, int to, int indent) {
    int from = lineFrom;
    while (from < to && (text.charAt(from) == '>' || isSpace(text.charAt(from)))) {
      from++;
    }
    int content = LineMarks.marker(text, from, to);
    boolean item = content > from;
    int heads = LineMarks.heading(text, from, to);
    boolean heading = heads > from;
    if (afterBlank && counts.proseWords > 0) {
      counts.breaks++;
    }
    if (item) {
      inList = true;
      if (LineMarks.isNumbered(text, from)) {
        counts.numbered++;
      } else {
        counts.bullets++;
      }
    } else if (afterBlank && indent == 0) {
      inList = false;
    }
    counts.headings += heading ? 1 : 0;
    boolean row = LineMarks.isTableRow(text, from, to);
    counts.tableRows += row ? 1 : 0;
    boolean goesOn =
        !item && !heading && !row && from < to && Character.isLowerCase(text.charAt(from));
    if (!goesOn) {
      words.sentenceEnd();
    }
    prose.scan(Math.max(content, heads), to, heading);
    if (heading || row) {
      words.sentenceEnd();
    }
  }

  static boolean isSpace(int c) {
    return c <= ' ' || c == 0xA0 || c == 0x3000 || c == 0xFEFF;
  }
}
