/** What the views share. The key and the user stay in this tab. */

function read(name) {
  try {
    return sessionStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
}

function write(name, value) {
  try {
    if (value) {
      sessionStorage.setItem(name, value);
    } else {
      sessionStorage.removeItem(name);
    }
  } catch {
    // without storage it lasts until the page is left
  }
}

let key = read('palate.key');
let user = read('palate.user');

export const state = {
  get key() {
    return key;
  },
  set key(value) {
    key = value;
    write('palate.key', value);
  },
  get user() {
    return user;
  },
  set user(value) {
    user = value;
    write('palate.user', value);
  },
  /** Texts of the compare form, kept while other views are looked at. */
  draft: null,
};
