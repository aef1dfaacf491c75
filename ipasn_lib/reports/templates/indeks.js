(function () {
  "use strict";
  var table = document.getElementById("daftar");
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var search = document.getElementById("cari");
  var choice = document.getElementById("pilih");
  var compare = new Intl.Collator("id", { sensitivity: "base", numeric: true }).compare;

  function value(row, k, kind) {
    var cell = row.cells[k];
    if (kind === "teks") return cell.textContent;
    return cell.dataset.nilai === "" ? null : Number(cell.dataset.nilai);
  }

  function sort(k) {
    var head = heads[k];
    var kind = head.dataset.jenis;
    var before = head.getAttribute("aria-sort");
    // Names and ranks begin with the first, numbers with the largest.
    var down = before ? before === "ascending" : kind === "angka" && k !== 0;
    heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort(function (one, two) {
      var a = value(one, k, kind), b = value(two, k, kind);
      if (a === null || b === null) return (a === null) - (b === null); // no number: always last
      return (kind === "teks" ? compare(a, b) : a - b) * (down ? -1 : 1);
    });
    rows.forEach(function (row) { body.appendChild(row); });
    document.getElementById("urutan").textContent =
      "Diurutkan menurut " + head.textContent.trim().toLowerCase() +
      (down ? ", menurun." : ", menaik.");
  }

  function filter() {
    var wanted = search.value.trim().toLocaleLowerCase("id");
    var shown = 0;
    rows.forEach(function (row) {
      var fits = row.cells[1].textContent.toLocaleLowerCase("id").indexOf(wanted) >= 0 &&
        (!choice.value || row.dataset.kategori === choice.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    document.getElementById("jumlah").textContent =
      shown + " dari " + rows.length + " kabupaten/kota";
  }

  function point(code, on) {
    document.querySelectorAll("[data-kode]").forEach(function (part) {
      if (part.dataset.kode === code) part.classList.toggle("atl-aktif", on);
    });
  }

  heads.forEach(function (head, k) {
    var button = head.querySelector("button");
    if (button) button.addEventListener("click", function () { sort(k); });
  });
  document.getElementById("saring").hidden = false;
  document.getElementById("saring").addEventListener("submit", function (e) { e.preventDefault(); });
  search.addEventListener("input", filter);
  choice.addEventListener("change", filter);
  filter();

  var said = document.getElementById("tunjuk");
  document.querySelectorAll("[data-kode]").forEach(function (part) {
    var title = part.querySelector("title");
    function enter() {
      point(part.dataset.kode, true);
      if (title && said) said.textContent = title.textContent;
    }
    function leave() { point(part.dataset.kode, false); }
    part.addEventListener("mouseenter", enter);
    part.addEventListener("mouseleave", leave);
    part.addEventListener("focusin", enter);
    part.addEventListener("focusout", leave);
  });
}());
