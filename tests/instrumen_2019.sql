-- Instrumen PermenPANRB 38/2018 dan Peraturan BKN 8/2019, tahun pengukuran 2019-2022,
-- ditulis kedua kalinya: hanya dari bunyi peraturan dan sumber yang mengutipnya, tanpa melihat
-- kode proyek ini. Masukan: tabel `orang`. Satu baris keluaran untuk setiap PNS.
--
-- Dimensi dan bobot 25/40/30/5; tingkat pendidikan, diklat per kelompok jabatan, pita SKP (batas
-- PP 46/2011) dan tingkat hukuman disiplin seperti tercetak. Di tempat peraturan diam:
--   nilai SKP di antara dua pita   naik begitu melewati batas atas tercetak (di atas 90: 30)
--   tanpa nilai SKP                0, pegawai tetap diukur
--   diklat teknis di bawah 20 JP   tidak bernilai
--   profesi, spesialis, subspesialis   setara S-1, S-2, S-3
--   kategori nilai pecahan         tetap di bawah sampai mencapai batas bawah tercetak
WITH butir AS (
    SELECT
        id_pegawai,
        kode_kabkota,
        CASE
            WHEN jenjang_pendidikan IN ('S3', 'Subspesialis') THEN 25.0
            WHEN jenjang_pendidikan IN ('S2', 'Spesialis') THEN 20.0
            WHEN jenjang_pendidikan IN ('S1', 'D4', 'Profesi') THEN 15.0
            WHEN jenjang_pendidikan = 'D3' THEN 10.0
            WHEN jenjang_pendidikan IN ('D2', 'D1', 'SLTA') THEN 5.0
            WHEN jenjang_pendidikan IN ('SLTP', 'SD') THEN 1.0
        END AS kualifikasi,
        CASE
            WHEN kelompok_jabatan = 'struktural' AND diklat_kepemimpinan THEN 15.0
            WHEN kelompok_jabatan = 'fungsional' AND diklat_fungsional THEN 15.0
            ELSE 0
        END AS diklat_jabatan,
        CASE
            WHEN jp_diklat_teknis < 20 THEN 0
            WHEN kelompok_jabatan = 'pelaksana' THEN 22.5
            ELSE 15.0
        END AS diklat_teknis,
        CASE
            WHEN NOT seminar THEN 0
            WHEN kelompok_jabatan = 'pelaksana' THEN 17.5
            ELSE 10.0
        END AS seminar,
        CASE
            WHEN nilai_kinerja IS NULL THEN 0
            WHEN nilai_kinerja > 90 THEN 30.0
            WHEN nilai_kinerja > 75 THEN 25.0
            WHEN nilai_kinerja > 60 THEN 15.0
            WHEN nilai_kinerja > 50 THEN 5.0
            ELSE 1.0
        END AS kinerja,
        CASE hukuman_disiplin
            WHEN 'tidak_pernah' THEN 5.0
            WHEN 'ringan' THEN 3.0
            WHEN 'sedang' THEN 2.0
            WHEN 'berat' THEN 1.0
        END AS disiplin
    FROM orang
    WHERE jenis_asn = 'PNS'
),

perorangan AS (
    SELECT
        id_pegawai,
        kode_kabkota,
        kualifikasi,
        diklat_jabatan + diklat_teknis + seminar AS kompetensi,
        kinerja,
        disiplin,
        kualifikasi + diklat_jabatan + diklat_teknis + seminar + kinerja + disiplin AS indeks
    FROM butir
)

SELECT
    id_pegawai,
    kode_kabkota,
    CAST(kualifikasi AS DOUBLE) AS kualifikasi,
    CAST(kompetensi AS DOUBLE) AS kompetensi,
    CAST(kinerja AS DOUBLE) AS kinerja,
    CAST(disiplin AS DOUBLE) AS disiplin,
    CAST(indeks AS DOUBLE) AS indeks,
    CASE
        WHEN indeks >= 91 THEN 'Sangat Tinggi'
        WHEN indeks >= 81 THEN 'Tinggi'
        WHEN indeks >= 71 THEN 'Sedang'
        WHEN indeks >= 61 THEN 'Rendah'
        ELSE 'Sangat Rendah'
    END AS kategori
FROM perorangan
